//! A change to one organization: limits are claimed, the audit row is written
//! and the rest is done in one transaction, or nothing is.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    Select, sea_query::LockType,
};

use super::{
    door::{self, Person},
    memberships,
    scope::{Limited, OrgOwned},
    trail::{self, Actor},
};
use crate::{
    access::{Can, Role},
    audit::model::Event,
    billing::{Limit, Quota},
    entity::{organization, user},
    error::{AppError, Conflict},
    id::{OrgId, UserId},
    server::{
        database::{Scope, WriteTx},
        services::Services,
    },
};

#[derive(Debug)]
pub struct OrgTx {
    tx: WriteTx,
    /// As it is under the lock.
    organization: organization::Model,
    /// The actor's, under the lock; none of somebody who is about to join.
    role: Option<Role>,
    person: UserId,
    actor: Actor,
    now: DateTime<Utc>,
    services: Services,
}

impl OrgTx {
    pub(super) async fn begin<C: Can>(person: &Person, id: OrgId) -> Result<Self, AppError> {
        let tx = Self::open(person, id).await?;
        let role = tx.role.ok_or(AppError::NotFound)?;
        // The door let the person through a moment ago.
        match door::admit::<C>(&tx.organization, role) {
            Err(AppError::Forbidden { .. }) => Err(AppError::Conflict {
                conflict: Conflict::RoleChanged,
            }),
            admitted => admitted.map(|()| tx),
        }
    }

    /// Begins a change by somebody who needn't be a member yet, but has shown
    /// the secret of an invitation. The person is locked before the
    /// organization, like by whoever founds one or deletes their account.
    ///
    /// # Errors
    /// `NotFound` if the organization is gone; `SignedOut` if the account is.
    pub async fn join(person: &Person, id: OrgId) -> Result<(Self, user::Model), AppError> {
        let tx = person
            .services()
            .db
            .write("an invitation leads here")
            .await?;
        let account = user::Entity::find_by_id(person.account().id)
            .lock(LockType::NoKeyUpdate)
            .one(&*tx)
            .await?
            .ok_or(AppError::SignedOut)?;
        Ok((Self::within(person, tx, id).await?, account))
    }

    async fn open(person: &Person, id: OrgId) -> Result<Self, AppError> {
        let tx = person
            .services()
            .db
            .write("a grant's own organization")
            .await?;
        Self::within(person, tx, id).await
    }

    async fn within(person: &Person, tx: WriteTx, id: OrgId) -> Result<Self, AppError> {
        tx.enter(Scope::Tenant(id)).await?;
        let organization = memberships::lock(&tx, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let role = memberships::role_of(&tx, id, person.account().id).await?;
        Ok(Self {
            tx,
            organization,
            role,
            person: person.account().id,
            actor: person.actor(),
            now: person.now(),
            services: person.services().clone(),
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

    /// Whoever acts.
    #[must_use]
    pub fn person(&self) -> UserId {
        self.person
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
        let quota = self.organization.plan.quota(limit);
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
        memberships::role_of(&self.tx, self.organization.id, user).await
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

    /// Commits several changes at once, of which each is an event.
    ///
    /// # Errors
    /// If the database refuses; nothing was changed then.
    pub async fn commit_each(self, events: Vec<Event>) -> Result<(), AppError> {
        for event in &events {
            trail::append(
                &*self.tx,
                self.organization.id,
                &self.actor,
                event,
                self.now,
            )
            .await?;
        }
        self.tx.commit().await?;
        self.services.outbox_filled.notify_one();
        Ok(())
    }
}

impl std::ops::Deref for OrgTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}
