//! All the organizations of a person at once, for what concerns each of them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    entity::{organization, organization_member},
    error::AppError,
    id::UserId,
    server::database::WriteTx,
};

/// A person's organizations, locked one after the other in the order of their
/// ids, so that two who do this can't wait for each other.
///
/// # Errors
/// If the database fails.
pub async fn locked_organizations(
    tx: &WriteTx,
    user: UserId,
) -> Result<Vec<organization::Model>, AppError> {
    let memberships = organization_member::Entity::find()
        .filter(organization_member::Column::UserId.eq(user))
        .all(&**tx)
        .await?;
    let ids = memberships.iter().map(|member| member.organization_id);
    Ok(organization::Entity::find()
        .filter(organization::Column::Id.is_in(ids))
        .order_by_asc(organization::Column::Id)
        .lock_exclusive()
        .all(&**tx)
        .await?)
}
