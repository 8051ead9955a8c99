//! Figures, counted from the audit log.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::model::{Checklist, DAYS, DayCount, Overview};
use crate::{
    access::{can, server::Grant},
    billing::Limit,
    entity::{audit_log, organization_member},
    error::AppError,
    organizations::model::Usage,
    projects::{self, model::ProjectQuery},
};

/// How many projects the overview shows.
const NEWEST: usize = 5;
/// Days of which the first half is compared with the second.
const WINDOW: u64 = 2 * DAYS as u64;

/// # Errors
/// If the database fails.
pub async fn overview(grant: &Grant<can::ViewProjects>) -> Result<Overview, AppError> {
    let organization = grant.organization();
    let used = |limit, used| Usage {
        used,
        quota: organization.plan.quota(limit),
    };
    let mut projects = projects::server::list(grant, ProjectQuery::default()).await?;
    let members = grant
        .find::<organization_member::Entity>()
        .count(grant.reading())
        .await?;
    let activity = activity(grant).await?;
    projects.rows.truncate(NEWEST);
    Ok(Overview {
        projects: used(Limit::Projects, projects.total),
        members: used(Limit::Members, members),
        changes: activity.changes,
        changes_before: activity.before,
        people: activity.people,
        newest: projects.rows,
        checklist: organization
            .checklist_dismissed_at
            .is_none()
            .then_some(Checklist {
                has_image: organization.image.is_some(),
                has_project: projects.total > 0,
            }),
        now: grant.now(),
    })
}

struct Activity {
    changes: Vec<DayCount>,
    before: u64,
    people: u64,
}

async fn activity(grant: &Grant<can::ViewProjects>) -> Result<Activity, AppError> {
    let today = grant.now().date_naive();
    let start = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let (first, earlier) = (start(DAYS as u64 - 1), start(WINDOW - 1));
    let rows: Vec<(DateTime<Utc>, Option<Uuid>)> = grant
        .find::<audit_log::Entity>()
        .filter(audit_log::Column::CreatedAt.gte(earlier.and_time(NaiveTime::MIN).and_utc()))
        .filter(audit_log::Column::Action.ne("session.signed_in"))
        .select_only()
        .column(audit_log::Column::CreatedAt)
        .column(audit_log::Column::ActorId)
        .into_tuple()
        .all(grant.reading())
        .await?;
    let mut days: BTreeMap<NaiveDate, u64> =
        first.iter_days().take(DAYS).map(|day| (day, 0)).collect();
    let mut people = HashSet::new();
    let mut before = 0;
    for (at, actor) in rows {
        match days.get_mut(&at.date_naive()) {
            Some(count) => {
                *count += 1;
                people.extend(actor);
            }
            None => before += 1,
        }
    }
    Ok(Activity {
        changes: days
            .into_iter()
            .map(|(day, count)| DayCount { day, count })
            .collect(),
        before,
        people: people.len() as u64,
    })
}
