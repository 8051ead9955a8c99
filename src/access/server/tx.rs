//! A change to one organization: limits are claimed, the audit row is written
//! and the rest is done in one transaction, or nothing is.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DatabaseTransaction, PaginatorTrait, QueryFilter, Select};
use serde::Serialize;

use super::{
    agent::Agent,
    door, key_door, memberships, once,
    scope::{Limited, OrgOwned},
    trail,
};
use crate::{
    access::{Can, Role},
    audit::model::Event,
    billing::{Entitlements, Limit, Quota},
    entity::organization,
    error::{AppError, Conflict},
    id::{OrgId, UserId},
    server::database::{Scope, WriteTx},
};

#[derive(Debug)]
pub struct OrgTx {
    tx: WriteTx,
    /// As it is under the lock.
    organization: organization::Model,
    /// The actor's, under the lock; none of somebody who is about to join.
    role: Option<Role>,
    agent: Agent,
    /// One time for all that is changed.
    now: DateTime<Utc>,
}

impl OrgTx {
    pub(super) async fn begin<C: Can>(agent: &Agent, id: OrgId) -> Result<Self, AppError> {
        let db = &agent.services().db;
        let tx = Self::within(agent, db.write("a grant's own organization").await?, id).await?;
        let role = tx.role.ok_or(AppError::NotFound)?;
        if let Some(key) = agent.key() {
            key_door::still(&tx, key.id, tx.now).await?;
        }
        if let Some(once) = &agent.once {
            once::not_yet(&tx, once).await?;
        }
        // The door let the person through a moment ago.
        match door::admit::<C>(&tx.organization, role) {
            Err(AppError::Forbidden { .. }) => Err(AppError::Conflict {
                conflict: Conflict::RoleChanged,
            }),
            admitted => admitted.map(|()| tx),
        }
    }

    /// Goes into an organization, alone with it. The role is the caller's
    /// business.
    pub(super) async fn within(agent: &Agent, tx: WriteTx, id: OrgId) -> Result<Self, AppError> {
        tx.enter(Scope::Tenant(id)).await?;
        let organization = memberships::lock(&tx, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let role = memberships::role_of(&*tx, id, agent.user()).await?;
        Ok(Self {
            tx,
            organization,
            role,
            agent: agent.clone(),
            now: agent.now(),
        })
    }

    /// The organization as it is under the lock.
    #[must_use]
    pub fn organization(&self) -> &organization::Model {
        &self.organization
    }

    /// The role of whoever acts, as it is under the lock.
    ///
    /// # Errors
    /// `NotFound` for somebody who is no member.
    pub fn role(&self) -> Result<Role, AppError> {
        self.role.ok_or(AppError::NotFound)
    }

    /// Whoever acts, or on whose behalf.
    #[must_use]
    pub fn person(&self) -> UserId {
        self.agent.user()
    }

    /// Whoever acts.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// What the organization may use, as it is under the lock.
    #[must_use]
    pub fn entitlements(&self) -> Entitlements {
        Entitlements::of(
            self.organization.plan,
            self.organization.subscription_status,
        )
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The organization's rows of a table, to be narrowed further.
    #[must_use]
    pub fn find<E: OrgOwned>(&self) -> Select<E> {
        E::find().filter(E::ORGANIZATION.eq(self.organization.id))
    }

    /// Makes sure that one more row fits into the plan. It can't be outrun:
    /// whoever else wants one waits for the lock that this holds.
    ///
    /// # Errors
    /// `LimitReached`.
    pub async fn claim<E>(&self) -> Result<(), AppError>
    where
        E: Limited,
        E::Model: Sync,
    {
        let used = self.find::<E>().count(&**self).await?;
        self.claim_beside(E::LIMIT, used)
    }

    /// Makes sure that one more fits into the plan beside that many, which were
    /// counted in this transaction.
    ///
    /// # Errors
    /// `LimitReached`.
    pub fn claim_beside(&self, limit: Limit, used: u64) -> Result<(), AppError> {
        let quota = self.entitlements().quota(limit);
        match quota {
            Quota::Limited(max) if !quota.admits_one_beside(used) => {
                Err(AppError::LimitReached { limit, max })
            }
            _ => Ok(()),
        }
    }

    /// Somebody's role in the organization, if they are a member.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn role_of(&self, user: UserId) -> Result<Option<Role>, AppError> {
        memberships::role_of(&*self.tx, self.organization.id, user).await
    }

    /// Makes sure that the organization has an owner besides that one.
    ///
    /// # Errors
    /// `Conflict`.
    pub async fn keep_an_owner(&self, without: UserId) -> Result<(), AppError> {
        memberships::keep_an_owner(&self.tx, self.organization.id, without).await
    }

    /// Writes the audit row and commits. There is no other way to commit.
    ///
    /// # Errors
    /// If the database refuses; nothing was changed then.
    pub async fn commit(self, event: Event) -> Result<(), AppError> {
        self.commit_each(vec![event]).await
    }

    /// Commits the creation of something, with what is told of it: whoever
    /// sends the same request again is told the same.
    ///
    /// # Errors
    /// If the database refuses; nothing was changed then.
    pub async fn commit_created<T: Serialize + Sync>(
        self,
        event: Event,
        told: &T,
    ) -> Result<(), AppError> {
        if let Some(once) = &self.agent.once {
            once::keep(&self, once, 201, told, self.now).await?;
        }
        self.commit(event).await
    }

    /// Commits several changes at once, of which each is an event.
    ///
    /// # Errors
    /// If the database refuses; nothing was changed then.
    pub async fn commit_each(self, events: Vec<Event>) -> Result<(), AppError> {
        let (actor, now) = (self.agent.actor(), self.now);
        for event in &events {
            trail::append(&*self.tx, self.organization.id, &actor, event, now).await?;
        }
        self.tx.commit().await?;
        self.agent.services().outbox_filled.notify_one();
        Ok(())
    }
}

impl std::ops::Deref for OrgTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}
