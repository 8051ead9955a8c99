//! Looking at an organization on behalf of all who watch it, for as long as
//! anybody does: each of them came in by a door, and goes on being asked for.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef};

use super::{grant::Grant, session_store::IDLE};
use crate::{
    access::{Can, Capability, Role},
    billing::{Entitlements, SubscriptionStatus},
    entity::{organization, organization_member, session},
    error::AppError,
    id::{OrgId, SessionId, UserId},
    server::{
        database::{ReadTx, Scope},
        live::Audience,
        presence,
        services::Services,
    },
};

/// As many sessions as are looked for one by one.
const FEW: usize = 200;

/// The right to look at one organization, from whoever was let in first.
#[derive(Clone, Debug)]
pub struct Watch {
    services: Services,
    organization: OrgId,
}

/// An organization as it is when it is looked at, and its rows.
pub struct Look {
    pub db: ReadTx,
    pub organization: organization::Model,
    pub now: DateTime<Utc>,
}

impl Look {
    /// What the organization may use.
    #[must_use]
    pub fn entitlements(&self) -> Entitlements {
        Entitlements::of(
            self.organization.plan,
            self.organization.subscription_status,
        )
    }
}

impl Watch {
    pub fn by<C: Can>(grant: &Grant<C>) -> Self {
        Self {
            services: grant.agent().services().clone(),
            organization: grant.organization().id,
        }
    }

    #[must_use]
    pub fn organization(&self) -> OrgId {
        self.organization
    }

    /// # Errors
    /// `NotFound` once the organization is deleted; `Unavailable`.
    pub async fn look(&self) -> Result<Look, AppError> {
        let now = self.services.clock.now();
        let db = self.read().await?;
        let organization = organization::Entity::find_by_id(self.organization)
            .one(&db)
            .await?
            .ok_or(AppError::NotFound)?;
        Ok(Look {
            db,
            organization,
            now,
        })
    }

    /// Those of the sessions that may watch now, and how much of it; in one
    /// query, however many there are.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn admitted(
        &self,
        sessions: Vec<SessionId>,
    ) -> Result<HashMap<SessionId, Audience>, AppError> {
        let now = self.services.clock.now();
        let of_members: RelationDef = organization_member::Entity::belongs_to(session::Entity)
            .from(organization_member::Column::UserId)
            .to(session::Column::UserId)
            .into();
        let mut found = organization_member::Entity::find()
            .select_only()
            .column_as(session::Column::Id, "session")
            .column(organization_member::Column::Role)
            .column(organization::Column::SubscriptionStatus)
            .join(JoinType::InnerJoin, of_members)
            .inner_join(organization::Entity)
            .filter(organization_member::Column::OrganizationId.eq(self.organization))
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(session::Column::LastSeenAt.gt(now - IDLE));
        // Of a few it is quicker to look for them than to read all.
        if sessions.len() <= FEW {
            found = found.filter(session::Column::Id.is_in(sessions));
        }
        let found: Vec<(SessionId, Role, SubscriptionStatus)> =
            found.into_tuple().all(&self.read().await?).await?;
        let admitted = found.into_iter().filter_map(|(session, role, status)| {
            let audience = if status.standing().is_open() {
                Audience::Members
            } else if role.may(Capability::ManageBilling) {
                Audience::Payers
            } else {
                return None;
            };
            Some((session, audience))
        });
        Ok(admitted.collect())
    }

    /// Notes that those are there: whoever watches is.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note_presence(&self, people: HashSet<UserId>) -> Result<(), AppError> {
        presence::keep(&self.services, self.organization, people).await
    }

    async fn read(&self) -> Result<ReadTx, AppError> {
        self.services
            .db
            .read(Scope::Tenant(self.organization))
            .await
    }
}
