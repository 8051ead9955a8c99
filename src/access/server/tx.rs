//! A change to one organization: limits are claimed, the audit row is written
//! and the rest is done in one transaction, or nothing is.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select,
};

use super::{
    door::Person,
    scope::{Limited, OrgOwned},
    trail::{self, Actor},
};
use crate::{
    access::Capability,
    audit::model::Event,
    billing::Quota,
    entity::{organization, organization_member},
    error::AppError,
    id::OrgId,
    server::{database::WriteTx, services::Services},
};

#[derive(Debug)]
pub struct OrgTx {
    tx: WriteTx,
    /// As it is under the lock.
    organization: organization::Model,
    actor: Actor,
    now: DateTime<Utc>,
    services: Services,
}

impl OrgTx {
    pub(super) async fn begin(
        person: &Person,
        id: OrgId,
        needs: Capability,
    ) -> Result<Self, AppError> {
        let services = person.services().clone();
        let tx = services.db.write("a grant's own organization").await?;
        let organization = organization::Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AppError::NotFound)?;
        let member = organization_member::Entity::find()
            .filter(organization_member::Column::OrganizationId.eq(id))
            .filter(organization_member::Column::UserId.eq(person.account().id))
            .one(&*tx)
            .await?
            .ok_or(AppError::NotFound)?;
        if !member.role.may(needs) {
            return Err(AppError::Forbidden { needs });
        }
        Ok(Self {
            tx,
            organization,
            actor: person.actor(),
            now: person.now(),
            services,
        })
    }

    /// The organization as it is under the lock.
    #[must_use]
    pub fn organization(&self) -> &organization::Model {
        &self.organization
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
        let quota = self.organization.plan.quota(E::LIMIT);
        let Quota::Limited(max) = quota else {
            return Ok(());
        };
        let used = self.find::<E>().count(&*self.tx).await?;
        if quota.admits_one_beside(used) {
            Ok(())
        } else {
            Err(AppError::LimitReached {
                limit: E::LIMIT,
                max,
            })
        }
    }

    /// Writes the audit row and commits. There is no other way to commit.
    ///
    /// # Errors
    /// If the database refuses; nothing was changed then.
    pub async fn commit(self, event: Event) -> Result<(), AppError> {
        trail::append(
            &*self.tx,
            self.organization.id,
            &self.actor,
            &event,
            self.now,
        )
        .await?;
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
