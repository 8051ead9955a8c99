//! The proof that a capability was checked. It carries the tenant, so that no
//! function takes an organization beside it.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, QueryFilter, Select};

use super::{
    agent::{Agent, Once},
    scope::OrgOwned,
    tx::OrgTx,
};
use crate::{
    access::{Can, Role},
    billing::Entitlements,
    entity::organization,
    error::AppError,
    server::database::{ReadTx, Scope},
};

#[derive(Debug)]
pub struct Grant<C> {
    agent: Agent,
    organization: organization::Model,
    role: Role,
    capability: PhantomData<C>,
}

impl<C: Can> Grant<C> {
    /// Only for the doors: the role must have been read for this request.
    pub(super) fn issue(
        agent: Agent,
        organization: organization::Model,
        role: Role,
    ) -> Result<Self, AppError> {
        super::door::admit::<C>(&organization, role)?;
        agent.admit::<C>()?;
        Ok(Self {
            agent,
            organization,
            role,
            capability: PhantomData,
        })
    }

    /// Whoever acts.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The same, for a request that is done once, however often it is sent.
    #[must_use]
    pub fn once(mut self, once: Once) -> Self {
        self.agent.once = Some(once);
        self
    }

    /// What the organization may use.
    #[must_use]
    pub fn entitlements(&self) -> Entitlements {
        Entitlements::of(
            self.organization.plan,
            self.organization.subscription_status,
        )
    }

    #[must_use]
    pub fn organization(&self) -> &organization::Model {
        &self.organization
    }

    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.agent.now()
    }

    /// The organization's rows of a table, to be narrowed further.
    #[must_use]
    pub fn find<E: OrgOwned>(&self) -> Select<E> {
        E::find().filter(E::ORGANIZATION.eq(self.organization.id))
    }

    /// Where what is to be found is read from: on PostgreSQL, a transaction
    /// that sees nothing else.
    ///
    /// # Errors
    /// `Unavailable` if the database can't be reached.
    pub async fn read(&self) -> Result<ReadTx, AppError> {
        let scope = Scope::Tenant(self.organization.id);
        self.agent.services().db.read(scope).await
    }

    /// Begins a change to the organization, alone with it until it is
    /// committed. The role is read again under that lock.
    ///
    /// # Errors
    /// `NotFound` or `Conflict` if the membership changed in the meantime;
    /// `Suspended`.
    pub async fn begin(&self) -> Result<OrgTx, AppError> {
        OrgTx::begin::<C>(&self.agent, self.organization.id).await
    }
}
