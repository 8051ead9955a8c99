//! Mails to the owners of an organization about what is paid.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    entity::{organization, user},
    error::AppError,
    id::{OrgId, UserId},
    organizations::server::owners,
    server::{
        database::WriteTx,
        mail::{Action, Letter},
        outbox::{self, Undelivered},
        services::Services,
    },
};

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    PaymentFailed,
    Recovered,
    /// Nothing was paid for too long.
    Suspended,
    Ended,
    TrialEnds,
    /// A second subscription, and what was paid for it.
    GivenBack,
}

/// A mail that is owed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BillingLetter {
    organization: OrgId,
    owner: UserId,
    told: Told,
}

impl outbox::Effect for BillingLetter {}

/// Owes each owner a mail. The organization is locked.
///
/// # Errors
/// If the database fails.
pub(super) async fn owe(
    tx: &WriteTx,
    organization: OrgId,
    told: Told,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    for owner in owners::of(&**tx, organization).await? {
        let letter = BillingLetter {
            organization,
            owner,
            told,
        };
        outbox::post(&**tx, now, &letter).await?;
    }
    Ok(())
}

impl BillingLetter {
    /// # Errors
    /// If the database fails or the mail isn't taken.
    pub async fn send(self, services: &Services) -> Result<(), Undelivered> {
        let found = owners::still(services, self.organization, self.owner).await?;
        let Some((organization, owner)) = found else {
            return Ok(());
        };
        let letter = self.told.letter(services, &organization, &owner);
        services.mailer.send(&owner.email, &letter).await
    }
}

impl Told {
    fn letter(
        self,
        services: &Services,
        organization: &organization::Model,
        owner: &user::Model,
    ) -> Letter {
        let name = &organization.name;
        let (subject, paragraphs) = self.words(name);
        let is_open = organization.subscription_status.standing().is_open();
        let (label, page) = match self {
            Self::Ended | Self::Suspended if !is_open => ("See how to go on", "reactivate"),
            _ => ("Open billing", "settings/billing"),
        };
        let path = format!("/app/{}/{page}", organization.slug);
        Letter {
            subject,
            greeting: format!("Hello {},", owner.name),
            paragraphs,
            action: Some(Action {
                label: label.into(),
                url: services.config.app_url().join(&path),
            }),
            footnote: format!("You get this mail because you are an owner of {name}."),
        }
    }

    fn words(self, name: &str) -> (String, Vec<String>) {
        let (subject, text): (String, Vec<&str>) = match self {
            Self::PaymentFailed => (
                format!("A payment for {name} failed"),
                vec![
                    "The bank declined the last payment. Everything still works for now, and we \
                     will try again during the next days.",
                    "Please check the card on file, or use another one, so that nothing is \
                     interrupted.",
                ],
            ),
            Self::Recovered => (
                format!("The payment for {name} went through"),
                vec!["Thank you. The bill is settled, and everything goes on as before."],
            ),
            Self::Suspended => (
                format!("{name} is suspended until its bill is paid"),
                vec![
                    "Nothing was paid for too long, so the organization can't be used for now. \
                     Nothing was deleted.",
                    "It opens again as soon as the bill is paid.",
                ],
            ),
            Self::Ended => (
                format!("The subscription of {name} has ended"),
                vec![
                    "Nothing was deleted. An owner can take another subscription, or go on with \
                     the Free plan: what is over its limits stays readable, and new things can \
                     be created once they fit.",
                ],
            ),
            Self::TrialEnds => (
                format!("The trial of {name} ends soon"),
                vec![
                    "After the trial, the plan is charged to the card on file. If there is none, \
                     please add one so that nothing is interrupted.",
                ],
            ),
            Self::GivenBack => (
                format!("{name} was paid for twice"),
                vec![
                    "Two subscriptions were paid for at nearly the same time. We kept the first \
                     one, canceled the second, and are giving its payment back to the card that \
                     it came from. There is nothing you need to do.",
                ],
            ),
        };
        (subject, text.into_iter().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mail_names_the_organization() {
        for told in [
            Told::PaymentFailed,
            Told::Recovered,
            Told::Suspended,
            Told::Ended,
            Told::TrialEnds,
            Told::GivenBack,
        ] {
            let (subject, paragraphs) = told.words("Acme");
            assert!(subject.contains("Acme"), "{subject}");
            assert!(paragraphs.iter().all(|text| !text.contains("  ")));
        }
    }
}
