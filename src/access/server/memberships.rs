//! All the organizations of a person at once, for what concerns each of them.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::LockType,
};

use crate::{
    access::Role,
    entity::{organization, organization_member},
    error::{AppError, Conflict},
    id::{OrgId, UserId},
    server::database::{Scope, WriteTx},
};

/// A person's part in an organization, which is locked.
#[derive(Debug)]
pub struct Membership {
    organization: organization::Model,
    role: Role,
}

impl Membership {
    #[must_use]
    pub fn organization(&self) -> &organization::Model {
        &self.organization
    }

    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Goes on within the organization.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enter(&self, tx: &WriteTx) -> Result<(), AppError> {
        tx.enter(Scope::Tenant(self.organization.id)).await
    }
}

/// A person's organizations, locked one after the other in the order of their
/// ids, so that two who do this can't wait for each other.
///
/// # Errors
/// If the database fails.
pub async fn lock_all(tx: &WriteTx, user: UserId) -> Result<Vec<Membership>, AppError> {
    tx.enter(Scope::Person(user)).await?;
    let memberships = organization_member::Entity::find()
        .filter(organization_member::Column::UserId.eq(user))
        .order_by_asc(organization_member::Column::OrganizationId)
        .all(&**tx)
        .await?;
    let mut locked = Vec::new();
    for member in memberships {
        tx.enter(Scope::Tenant(member.organization_id)).await?;
        // Both may have changed until it was locked.
        if let Some(organization) = lock(tx, member.organization_id).await?
            && let Some(role) = role_of(&**tx, organization.id, user).await?
        {
            locked.push(Membership { organization, role });
        }
    }
    Ok(locked)
}

/// Locks an organization that was entered: nobody else changes it, and rows that
/// point at it can still be written.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &WriteTx, id: OrgId) -> Result<Option<organization::Model>, AppError> {
    Ok(organization::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(&**tx)
        .await?)
}

/// Somebody's role in an organization that was entered.
///
/// # Errors
/// If the database fails.
pub async fn role_of(
    db: &impl ConnectionTrait,
    organization: OrgId,
    user: UserId,
) -> Result<Option<Role>, AppError> {
    Ok(organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization))
        .filter(organization_member::Column::UserId.eq(user))
        .one(db)
        .await?
        .map(|member| member.role))
}

/// Makes sure that an organization, which is locked, has an owner besides that
/// one.
///
/// # Errors
/// `Conflict`.
pub async fn keep_an_owner(
    tx: &WriteTx,
    organization: OrgId,
    without: UserId,
) -> Result<(), AppError> {
    let others = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization))
        .filter(organization_member::Column::UserId.ne(without))
        .filter(organization_member::Column::Role.eq(Role::Owner))
        .count(&**tx)
        .await?;
    if others > 0 {
        return Ok(());
    }
    Err(AppError::Conflict {
        conflict: Conflict::LastOwner,
    })
}
