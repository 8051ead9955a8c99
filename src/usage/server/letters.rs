//! Mails to the owners of an organization that has used most or all of
//! something, once each in a month.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::{Deserialize, Serialize};

use crate::{
    billing::{Entitlements, Limit, Quota, plan},
    entity::{organization, usage_record, user},
    error::AppError,
    id::{OrgId, UserId},
    organizations::server::owners,
    server::{
        mail::{Action, Letter},
        outbox::{self, Undelivered},
        services::Services,
    },
    usage::model::{Level, Period},
};

/// What is warned of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warned {
    Calls,
    Storage,
}

/// A mail that is owed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UsageLetter {
    organization: OrgId,
    owner: UserId,
    running_out: Warned,
    level: Level,
}

impl outbox::Effect for UsageLetter {}

/// Owes each owner a mail, unless they had it this month; tells whether it does.
/// The record is locked.
///
/// # Errors
/// If the database fails.
pub(super) async fn warn(
    tx: &DatabaseTransaction,
    record: &usage_record::Model,
    running_out: Warned,
    level: Level,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let told = match (running_out, level) {
        (Warned::Calls, Level::Most) => record.calls_warned_at.or(record.calls_used_up_at),
        (Warned::Calls, Level::All) => record.calls_used_up_at,
        (Warned::Storage, Level::Most) => record.storage_warned_at.or(record.storage_used_up_at),
        (Warned::Storage, Level::All) => record.storage_used_up_at,
    };
    if told.is_some() {
        return Ok(false);
    }
    let mut noted = usage_record::ActiveModel {
        organization_id: Set(record.organization_id),
        period: Set(record.period.clone()),
        ..Default::default()
    };
    match (running_out, level) {
        (Warned::Calls, Level::Most) => noted.calls_warned_at = Set(Some(now)),
        (Warned::Calls, Level::All) => noted.calls_used_up_at = Set(Some(now)),
        (Warned::Storage, Level::Most) => noted.storage_warned_at = Set(Some(now)),
        (Warned::Storage, Level::All) => noted.storage_used_up_at = Set(Some(now)),
    }
    usage_record::Entity::update(noted).exec(tx).await?;
    for owner in owners::of(tx, record.organization_id).await? {
        let letter = UsageLetter {
            organization: record.organization_id,
            owner,
            running_out,
            level,
        };
        outbox::post(tx, now, &letter).await?;
    }
    Ok(true)
}

impl UsageLetter {
    /// # Errors
    /// If the database fails or the mail isn't taken.
    pub async fn send(self, services: &Services, since: DateTime<Utc>) -> Result<(), Undelivered> {
        let found = owners::still(services, self.organization, self.owner).await?;
        let Some((organization, owner)) = found else {
            return Ok(());
        };
        let letter = self.letter(services, &organization, &owner, since);
        services.mailer.send(&owner.email, &letter).await
    }

    fn letter(
        &self,
        services: &Services,
        organization: &organization::Model,
        owner: &user::Model,
        since: DateTime<Utc>,
    ) -> Letter {
        let allowed = Entitlements::of(organization.plan, organization.subscription_status);
        let (what, quota) = match self.running_out {
            Warned::Calls => ("API calls", allowed.quota(Limit::ApiCalls)),
            Warned::Storage => ("storage", allowed.quota(Limit::StorageBytes)),
        };
        let much = match self.level {
            Level::Most => "80 %",
            Level::All => "all",
        };
        let of = match (self.running_out, quota) {
            (_, Quota::Unlimited) => String::new(),
            (Warned::Calls, Quota::Limited(max)) => format!(" of {max} this month"),
            (Warned::Storage, Quota::Limited(max)) => format!(" of {}", plan::bytes(max)),
        };
        let resets = Period::of(since).end().format("%-d %B");
        let next = match (self.running_out, self.level) {
            (Warned::Calls, Level::Most) => format!(
                "Once all are used, calls are refused until they are counted anew on {resets}."
            ),
            (Warned::Calls, Level::All) => {
                format!("Calls are refused until they are counted anew on {resets}.")
            }
            (Warned::Storage, Level::Most) => {
                "Once all is used, no artifact can be stored until others are deleted.".to_owned()
            }
            (Warned::Storage, Level::All) => {
                "No artifact can be stored until others are deleted.".to_owned()
            }
        };
        let upgrade = allowed
            .plan()
            .next()
            .map(|plan| format!("The {} plan gives you more.", plan.label()));
        let name = &organization.name;
        Letter {
            subject: format!("{name} has used {much} of its {what}"),
            greeting: format!("Hello {},", owner.name),
            paragraphs: [
                Some(format!("{name} has used {much} of its {what}{of}. {next}")),
                upgrade,
            ]
            .into_iter()
            .flatten()
            .collect(),
            action: Some(Action {
                label: "See the usage".into(),
                url: services
                    .config
                    .app_url()
                    .join(&format!("/app/{}/usage", organization.slug)),
            }),
            footnote: "Owners of an organization get this mail once a month at 80 %, and once \
                       when all is used."
                .into(),
        }
    }
}
