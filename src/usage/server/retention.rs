//! What is kept no longer than the plan says, and what a crash left behind.

use chrono::{Days, TimeDelta};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::storage;
use crate::{
    access::server::once,
    billing::{Entitlements, Limit, Quota},
    entity::{organization, organization_slug, usage_day},
    error::AppError,
    id::OrgId,
    server::{database::Scope, rollup::Outdated, services::Services},
};

/// Deletes analytics that are older than the plan of their organization keeps.
///
/// # Errors
/// If the database fails before the first.
pub async fn delete_old(services: &Services) -> Result<(), AppError> {
    let slugs = organization_slug::Entity::find()
        .all(&services.db.read(Scope::Proof).await?)
        .await?;
    let mut organizations: Vec<OrgId> = slugs.iter().map(|slug| slug.organization_id).collect();
    organizations.sort_unstable();
    organizations.dedup();
    for id in organizations {
        // One that can't be looked after keeps no other from it.
        if let Err(error) = delete_old_of(services, id).await {
            tracing::warn!(%error, organization = %id, "what is old is left for the next time");
        }
    }
    Ok(())
}

async fn delete_old_of(services: &Services, id: OrgId) -> Result<(), AppError> {
    let db = services.db.read(Scope::Tenant(id)).await?;
    let Some(organization) = organization::Entity::find_by_id(id).one(&db).await? else {
        return Ok(());
    };
    drop(db);
    let now = services.clock.now();
    once::forget_expired(services, id, now).await?;
    let allowed = Entitlements::of(organization.plan, organization.subscription_status);
    let kept = match allowed.quota(Limit::AnalyticsDays) {
        Quota::Limited(days) => Some(days),
        Quota::Unlimited => None,
    };
    let length = kept.map(|days| TimeDelta::days(days.cast_signed()));
    let rollups = Outdated::of(id, length, now);
    let first = kept.and_then(|kept| {
        let today = now.date_naive();
        today.checked_sub_days(Days::new(kept.saturating_sub(1)))
    });
    let is_old = usage_day::Column::Day.lt(first.map(|day| day.to_string()).unwrap_or_default());
    let days = Condition::all()
        .add(usage_day::Column::OrganizationId.eq(id))
        .add(is_old);
    let db = services.db.read(Scope::Tenant(id)).await?;
    let old_days = usage_day::Entity::find().filter(days.clone());
    // Most of the time there is nothing, and nobody has to wait for that.
    if old_days.one(&db).await?.is_none() && !rollups.is_there(&db).await? {
        return Ok(());
    }
    drop(db);
    let tx = services.db.write("what is old is deleted").await?;
    tx.enter(Scope::Tenant(id)).await?;
    usage_day::Entity::delete_many()
        .filter(days)
        .exec(&*tx)
        .await?;
    rollups.delete(&tx).await?;
    tx.commit().await
}

/// Takes back uploads that were cut off by a crash: what they left in the
/// store, and the room that they had claimed.
///
/// # Errors
/// If the database fails.
pub async fn take_back_lost_uploads(services: &Services) -> Result<(), AppError> {
    for room in storage::lost(services).await? {
        // One that can't be taken back keeps no other from it.
        if let Err(error) = storage::give_up_lost(services, &room).await {
            tracing::warn!(%error, location = room.location, "a lost upload is left");
        }
    }
    Ok(())
}
