//! Figures, counted from the audit log.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect,
    Select, sea_query::Expr,
};

use super::model::{Checklist, DayCount, Overview, Window};
use crate::{
    access::{can, server::Grant},
    audit::model::Event,
    billing::Limit,
    entity::{api_key, audit_log, deployment, organization_member},
    error::AppError,
    organizations::model::Usage,
    projects::{self, model::ProjectQuery},
    server::database::ReadTx,
};

/// How many projects the overview shows.
const NEWEST: usize = 5;

/// # Errors
/// If the database fails.
pub async fn overview(grant: &Grant<can::ViewProjects>) -> Result<Overview, AppError> {
    let organization = grant.organization();
    let used = |limit, used| Usage {
        used,
        quota: grant.entitlements().quota(limit),
    };
    let mut projects = projects::server::list(grant, ProjectQuery::default()).await?;
    let db = grant.read().await?;
    let members = grant
        .find::<organization_member::Entity>()
        .count(&db)
        .await?;
    let activity = activity(grant, &db).await?;
    let checklist = if organization.checklist_dismissed_at.is_none() {
        Some(Checklist {
            has_image: organization.image.is_some(),
            has_teammate: members > 1,
            has_project: projects.total > 0,
            has_key: grant.find::<api_key::Entity>().one(&db).await?.is_some(),
            has_deployment: grant.find::<deployment::Entity>().one(&db).await?.is_some(),
        })
    } else {
        None
    };
    projects.rows.truncate(NEWEST);
    Ok(Overview {
        projects: used(Limit::Projects, projects.total),
        members: used(Limit::Members, members),
        changes: activity.changes,
        changes_before: activity.before,
        people: activity.people,
        newest: projects.rows,
        checklist,
        now: grant.now(),
    })
}

struct Activity {
    changes: Vec<DayCount>,
    before: Option<u64>,
    people: u64,
}

async fn activity(grant: &Grant<can::ViewProjects>, db: &ReadTx) -> Result<Activity, AppError> {
    let window = Window::of(grant.entitlements().quota(Limit::AnalyticsDays));
    let today = grant.now().date_naive();
    let start = |days: u64| today.checked_sub_days(Days::new(days - 1)).unwrap_or(today);
    let first = start(window.days);
    let earlier = if window.is_compared {
        start(2 * window.days)
    } else {
        first
    };
    let counted: Vec<(String, i64)> = changes_since(grant, earlier)
        .select_only()
        .column_as(day(db), "day")
        .column_as(audit_log::Column::Id.count(), "changes")
        .group_by(Expr::col("day"))
        .into_tuple()
        .all(db)
        .await?;
    let people: Option<i64> = changes_since(grant, first)
        .select_only()
        .column_as(
            Expr::col(audit_log::Column::ActorId).count_distinct(),
            "people",
        )
        .into_tuple()
        .one(db)
        .await?;
    let mut days: BTreeMap<NaiveDate, u64> = first
        .iter_days()
        .take_while(|day| *day <= today)
        .map(|day| (day, 0))
        .collect();
    let mut before = 0;
    for (day, changes) in counted {
        let day: Option<NaiveDate> = day.parse().ok();
        match day.and_then(|day| days.get_mut(&day)) {
            Some(count) => *count = changes.unsigned_abs(),
            None => before += changes.unsigned_abs(),
        }
    }
    Ok(Activity {
        changes: days
            .into_iter()
            .map(|(day, count)| DayCount { day, count })
            .collect(),
        before: window.is_compared.then_some(before),
        people: people.unwrap_or_default().unsigned_abs(),
    })
}

fn changes_since(grant: &Grant<can::ViewProjects>, day: NaiveDate) -> Select<audit_log::Entity> {
    grant
        .find::<audit_log::Entity>()
        .filter(audit_log::Column::CreatedAt.gte(day.and_time(NaiveTime::MIN).and_utc()))
        .filter(audit_log::Column::Action.ne(Event::SIGNED_IN))
}

/// The day of a change in UTC, as `2026-11-23`. The two databases have no
/// function for it in common; SQLite keeps times as texts that begin with it.
fn day(db: &ReadTx) -> Expr {
    match db.get_database_backend() {
        DbBackend::Postgres => Expr::cust("to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"),
        _ => Expr::cust("substr(created_at, 1, 10)"),
    }
}
