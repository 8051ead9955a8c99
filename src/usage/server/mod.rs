//! Counting what is used, and saying how much it is.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    access::{
        Can,
        server::{Grant, Within},
    },
    billing::{Entitlements, Limit},
    entity::{environment, organization_member, project, usage_day, usage_record},
    error::AppError,
    organizations::model::Usage,
    server::database::ReadTx,
    team::server::invitations,
    usage::model::{CallsOfDay, InUse, Period, UsageReport, days_shown},
};

pub mod calls;
pub mod letters;
pub mod retention;
pub mod storage;

/// For whoever may see it, or pays for it.
///
/// # Errors
/// If the database fails.
pub async fn report<C: Can>(grant: &Grant<C>) -> Result<UsageReport, AppError> {
    let (db, now, allowed) = (grant.read().await?, grant.now(), grant.entitlements());
    let period = Period::of(now);
    let in_use = in_use(grant, &db, &allowed, now).await?;
    Ok(UsageReport {
        plan: allowed.plan(),
        period: period.name(),
        resets_at: period.end(),
        in_use,
        by_day: by_day(grant, &db, now.date_naive()).await?,
        forecast: period.forecast(in_use.calls.used, now),
        now,
    })
}

/// How much of each limit is used.
///
/// # Errors
/// If the database fails.
pub async fn in_use(
    within: &impl Within,
    db: &ReadTx,
    allowed: &Entitlements,
    now: DateTime<Utc>,
) -> Result<InUse, AppError> {
    let of = |limit, used| Usage {
        used,
        quota: allowed.quota(limit),
    };
    let projects = within.find::<project::Entity>().count(db).await?;
    let members = within.find::<organization_member::Entity>();
    let members = members.count(db).await?;
    let invited = invitations::held(within.find(), now).count(db).await?;
    let calls = calls_in(within, db, &Period::of(now)).await?;
    Ok(InUse {
        projects: of(Limit::Projects, projects),
        members: of(Limit::Members, members + invited),
        calls: of(Limit::ApiCalls, calls),
        storage: of(Limit::StorageBytes, storage::stored(within, db).await?),
        environments: of(
            Limit::EnvironmentsPerProject,
            most_environments(within, db).await?,
        ),
    })
}

async fn calls_in(within: &impl Within, db: &ReadTx, period: &Period) -> Result<u64, AppError> {
    let record = within
        .find::<usage_record::Entity>()
        .filter(usage_record::Column::Period.eq(period.name()))
        .one(db)
        .await?;
    Ok(record.map_or(0, |record| record.api_calls.unsigned_abs()))
}

async fn most_environments(within: &impl Within, db: &ReadTx) -> Result<u64, AppError> {
    let count = ExprTrait::count(Expr::col(environment::Column::Id));
    let most: Option<i64> = within
        .find::<environment::Entity>()
        .select_only()
        .expr_as(count.clone(), "environments")
        .group_by(environment::Column::ProjectId)
        .order_by(count, Order::Desc)
        .into_tuple()
        .one(db)
        .await?;
    Ok(most.unwrap_or_default().unsigned_abs())
}

async fn by_day<C: Can>(
    grant: &Grant<C>,
    db: &ReadTx,
    today: NaiveDate,
) -> Result<Vec<CallsOfDay>, AppError> {
    let days = days_shown(today, grant.entitlements().quota(Limit::AnalyticsDays));
    let first = days.first().unwrap_or(&today).to_string();
    let counted = grant
        .find::<usage_day::Entity>()
        .filter(usage_day::Column::Day.gte(first))
        .all(db)
        .await?;
    let counted: BTreeMap<String, u64> = counted
        .into_iter()
        .map(|row| (row.day, row.api_calls.unsigned_abs()))
        .collect();
    let calls = |day: &NaiveDate| counted.get(&day.to_string()).copied().unwrap_or_default();
    Ok(days
        .into_iter()
        .map(|day| CallsOfDay {
            calls: calls(&day),
            day,
        })
        .collect())
}
