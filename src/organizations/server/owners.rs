//! Those who are told what concerns an organization as a whole.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    access::Role,
    entity::{organization, organization_member, user},
    error::AppError,
    id::{OrgId, UserId},
    server::{database::Scope, services::Services},
};

/// All owners of an organization that was entered.
///
/// # Errors
/// If the database fails.
pub async fn of(tx: &impl ConnectionTrait, organization: OrgId) -> Result<Vec<UserId>, AppError> {
    let owners = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization))
        .filter(organization_member::Column::Role.eq(Role::Owner))
        .all(tx)
        .await?;
    Ok(owners.into_iter().map(|owner| owner.user_id).collect())
}

/// An organization and one of its owners, if both are that still.
///
/// # Errors
/// If the database fails.
pub async fn still(
    services: &Services,
    organization: OrgId,
    owner: UserId,
) -> Result<Option<(organization::Model, user::Model)>, AppError> {
    let db = services.db.read(Scope::Tenant(organization)).await?;
    let found = organization::Entity::find_by_id(organization)
        .one(&db)
        .await?;
    let owner = organization_member::Entity::find()
        .find_also_related(user::Entity)
        .filter(organization_member::Column::OrganizationId.eq(organization))
        .filter(organization_member::Column::UserId.eq(owner))
        .filter(organization_member::Column::Role.eq(Role::Owner))
        .one(&db)
        .await?;
    Ok(found.zip(owner.and_then(|(_, user)| user)))
}
