//! Calls of the API: each is counted once, before it is answered, and none is
//! let through beyond what the plan allows, over however many nodes.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType, OnConflict},
};

use super::letters::{self, Warned};
use crate::{
    billing::{Entitlements, Limit, Quota},
    entity::{organization, usage_day, usage_record},
    error::AppError,
    id::OrgId,
    server::{
        database::Scope,
        meter::{self, Claimed},
        rollup::{self, Counted},
        services::Services,
    },
    usage::model::{Level, Period},
};

/// Counts a call.
///
/// # Errors
/// `LimitReached` if all of the month are used; `Unavailable`. It isn't counted
/// then.
pub async fn count(services: &Services, organization: OrgId) -> Result<u64, AppError> {
    let on = services.clone();
    let claim = move |asked| claim(on.clone(), organization, asked);
    match services.meter.count(organization, claim).await? {
        meter::Counted::As(used) => Ok(used),
        meter::Counted::Refused { max } => Err(AppError::LimitReached {
            limit: Limit::ApiCalls,
            max,
        }),
    }
}

/// Counts as many of them as the plan allows, in one transaction.
async fn claim(services: Services, id: OrgId, asked: u64) -> Result<Claimed, AppError> {
    let now = services.clock.now();
    let tx = services
        .db
        .write("calls are counted for many at once")
        .await?;
    tx.enter(Scope::Tenant(id)).await?;
    // It stays until this is done.
    let organization = organization::Entity::find_by_id(id)
        .lock(LockType::KeyShare)
        .one(&*tx)
        .await?
        .ok_or(AppError::NotFound)?;
    let quota = Entitlements::of(organization.plan, organization.subscription_status)
        .quota(Limit::ApiCalls);
    let record = locked_record(&tx, id, now).await?;
    let before = record.api_calls.unsigned_abs();
    let (granted, max) = match quota {
        Quota::Limited(max) => (Ord::min(asked, max.saturating_sub(before)), Some(max)),
        Quota::Unlimited => (asked, None),
    };
    if granted > 0 {
        add(&tx, id, now, granted).await?;
    }
    let is_owed = match Level::of(before + granted, quota) {
        Some(level) => letters::warn(&tx, &record, Warned::Calls, level, now).await?,
        None => false,
    };
    if granted > 0 || is_owed {
        tx.commit().await?;
        services.outbox_filled.notify_one();
    }
    Ok(Claimed {
        granted,
        before,
        max,
    })
}

/// The month's record, which nobody else changes until this is done.
pub(super) async fn locked_record(
    tx: &DatabaseTransaction,
    organization: OrgId,
    now: DateTime<Utc>,
) -> Result<usage_record::Model, AppError> {
    let period = Period::of(now).name();
    let unused = usage_record::ActiveModel {
        organization_id: Set(organization),
        period: Set(period),
        api_calls: Set(0),
        ..Default::default()
    };
    // An update that changes nothing locks the row, whoever made it.
    let used = OnConflict::columns([
        usage_record::Column::OrganizationId,
        usage_record::Column::Period,
    ])
    .update_column(usage_record::Column::Period)
    .to_owned();
    Ok(usage_record::Entity::insert(unused)
        .on_conflict(used)
        .exec_with_returning(tx)
        .await?)
}

async fn add(
    tx: &DatabaseTransaction,
    organization: OrgId,
    now: DateTime<Utc>,
    calls: u64,
) -> Result<(), AppError> {
    let calls = calls.cast_signed();
    usage_record::Entity::update_many()
        .col_expr(
            usage_record::Column::ApiCalls,
            Expr::col(usage_record::Column::ApiCalls).add(calls),
        )
        .filter(usage_record::Column::OrganizationId.eq(organization))
        .filter(usage_record::Column::Period.eq(Period::of(now).name()))
        .exec(tx)
        .await?;
    let first = usage_day::ActiveModel {
        organization_id: Set(organization),
        day: Set(now.date_naive().to_string()),
        api_calls: Set(calls),
    };
    let more = Expr::col((usage_day::Entity, usage_day::Column::ApiCalls)).add(calls);
    let further = OnConflict::columns([usage_day::Column::OrganizationId, usage_day::Column::Day])
        .value(usage_day::Column::ApiCalls, more)
        .to_owned();
    usage_day::Entity::insert(first)
        .on_conflict(further)
        .exec_without_returning(tx)
        .await?;
    let counted = [(Counted::ApiCall, calls.unsigned_abs())];
    rollup::count(tx, organization, now, &counted).await
}
