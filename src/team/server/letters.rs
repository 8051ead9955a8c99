//! The mails of a team.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::{
    entity::{invitation, organization, user},
    error::AppError,
    id::{InvitationId, OrgId},
    server::{
        database::Scope,
        mail::{Action, Letter},
        outbox::{self, Undelivered},
        services::Services,
        token,
    },
};

/// A mail that is owed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum TeamLetter {
    Invitation {
        organization: OrgId,
        invitation: InvitationId,
        /// Of several that were sent for one invitation, only the newest is owed.
        sent_at: DateTime<Utc>,
    },
}

impl outbox::Effect for TeamLetter {}

impl TeamLetter {
    /// # Errors
    /// If the database fails or the mail isn't taken.
    pub async fn send(self, services: &Services) -> Result<(), Undelivered> {
        let Self::Invitation {
            organization,
            invitation,
            sent_at,
        } = self;
        let Some(invited) = invited(services, organization, invitation, sent_at).await? else {
            return Ok(());
        };
        let to = invited.invitation.email.clone();
        services.mailer.send(&to, &invited.letter(services)).await
    }
}

/// What an invitation says, and the token of its link.
struct Invited {
    invitation: invitation::Model,
    organization: organization::Model,
    inviter: user::Model,
    token: String,
}

/// Nothing if it can't be accepted any more, or was sent again since.
async fn invited(
    services: &Services,
    organization: OrgId,
    id: InvitationId,
    sent_at: DateTime<Utc>,
) -> Result<Option<Invited>, AppError> {
    let tx = services.db.write("an invitation is sent").await?;
    tx.enter(Scope::Tenant(organization)).await?;
    let invitation = invitation::Entity::find_by_id(id)
        .filter(invitation::Column::OrganizationId.eq(organization))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::SentAt.eq(sent_at))
        .filter(invitation::Column::ExpiresAt.gt(services.clock.now()))
        .lock_exclusive()
        .one(&*tx)
        .await?;
    let Some(invitation) = invitation else {
        return Ok(None);
    };
    let organization = organization::Entity::find_by_id(organization)
        .one(&*tx)
        .await?;
    let inviter = user::Entity::find_by_id(invitation.invited_by)
        .one(&*tx)
        .await?;
    let (Some(organization), Some(inviter)) = (organization, inviter) else {
        return Ok(None);
    };
    let token = token::random()?;
    let with_token = invitation::ActiveModel {
        id: Set(id),
        token_hash: Set(Some(token::hash(&token))),
        ..Default::default()
    };
    let invitation = invitation::Entity::update(with_token).exec(&*tx).await?;
    tx.commit().await?;
    Ok(Some(Invited {
        invitation,
        organization,
        inviter,
        token,
    }))
}

impl Invited {
    fn letter(&self, services: &Services) -> Letter {
        let Self {
            invitation,
            organization,
            inviter,
            token,
        } = self;
        Letter {
            subject: format!("Join {} on Atrium", organization.name),
            greeting: "Hello,".into(),
            paragraphs: vec![format!(
                "{} ({}) invites you to join {} on Atrium, as {}.",
                inviter.name,
                inviter.email,
                organization.name,
                invitation.role.label()
            )],
            action: Some(Action {
                label: "See the invitation".into(),
                url: services
                    .config
                    .app_url()
                    .join(&format!("/invitations/{token}")),
            }),
            footnote: format!(
                "It is for {} and holds for 7 days. If you don't know who sent it, ignore this mail.",
                invitation.email
            ),
        }
    }
}
