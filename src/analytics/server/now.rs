//! What goes on now: what the page shows as it is rendered, and what the stream
//! tells from then on.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{feed, past};
use crate::{
    access::server::Within,
    analytics::model::{
        ByAction, Deployed, Grain, Live, MINUTES, Measure, Minutes, PROJECTS_TOLD, Present, Range,
        Series, Stretch, top,
    },
    entity::{
        presence, project,
        rollup::{self, Column},
        user,
    },
    error::AppError,
    id::{ProjectId, UserId},
    server::{database::ReadTx, presence::LASTS},
};

/// How many of those who are there are named.
const NAMED: u64 = 8;

/// # Errors
/// If the database fails.
pub async fn live(within: &impl Within, db: &ReadTx, now: DateTime<Utc>) -> Result<Live, AppError> {
    let counted = Counted::read(within, db, now).await?;
    let names = names(within, db, counted.projects()).await?;
    let (current_users, people) = people(within, db, now).await?;
    let minutes = counted.minutes();
    let last_hour = counted.since(Grain::Minute, Range::Hour.first(now));
    let top_projects = top(last_hour.deployed(&names));
    Ok(Live {
        current_users,
        people,
        api_calls_per_minute: calls_per_minute(&minutes.counts, now),
        events_last_hour: last_hour.events,
        top_projects,
        minutes,
        hour: counted.stretch(Grain::Hour, &names),
        day: counted.stretch(Grain::Day, &names),
        projects: within.find::<project::Entity>().count(db).await?,
        feed: feed::newest(within, db).await?,
        timestamp: now.to_rfc3339_opts(SecondsFormat::Millis, true),
        now: now.timestamp(),
    })
}

/// The roll-ups of now: two hours by the minute, the hour and the day.
struct Counted {
    now: DateTime<Utc>,
    rows: Vec<rollup::Model>,
}

/// What was counted, by what it was counted for.
#[derive(Default)]
struct BySubject {
    events: ByAction,
    deployments: HashMap<String, u64>,
    api_calls: u64,
}

impl Counted {
    async fn read(within: &impl Within, db: &ReadTx, now: DateTime<Utc>) -> Result<Self, AppError> {
        let of = |grain: Grain, since: i64| {
            Condition::all()
                .add(Column::Grain.eq(grain))
                .add(Column::StartsAt.gte(since))
        };
        let under_way = |grain: Grain| of(grain, grain.start_of(now));
        let found = within.find::<rollup::Entity>().filter(
            Condition::any()
                .add(of(Grain::Minute, Range::Hour.first_before(now)))
                .add(under_way(Grain::Hour))
                .add(under_way(Grain::Day)),
        );
        Ok(Self {
            now,
            rows: found.all(db).await?,
        })
    }

    /// The projects that were deployed.
    fn projects(&self) -> BTreeSet<ProjectId> {
        let deployed = self.rows.iter();
        deployed
            .filter(|row| row.measure == Measure::Deployment)
            .filter_map(|row| row.subject.parse().ok())
            .collect()
    }

    fn minutes(&self) -> Minutes {
        let start = Range::Hour.first_before(self.now);
        let mut counts = Series::empty(MINUTES.into());
        for row in self.rows.iter().filter(|row| row.grain == Grain::Minute) {
            let counted = (row.measure, row.count);
            past::add(&mut counts, Grain::Minute, start, row.starts_at, counted);
        }
        Minutes { start, counts }
    }

    fn since(&self, grain: Grain, start: i64) -> BySubject {
        let mut by = BySubject::default();
        let rows = self.rows.iter();
        for row in rows.filter(|row| row.grain == grain && row.starts_at >= start) {
            let count = row.count.unsigned_abs();
            match row.measure {
                Measure::Event => by.events.add(&row.subject, count),
                Measure::Deployment => {
                    *by.deployments.entry(row.subject.clone()).or_default() += count;
                }
                Measure::ApiCall => by.api_calls += count,
            }
        }
        by
    }

    fn stretch(&self, grain: Grain, names: &HashMap<ProjectId, String>) -> Stretch {
        let start = grain.start_of(self.now);
        let by = self.since(grain, start);
        let mut projects = by.deployed(names);
        projects.truncate(PROJECTS_TOLD);
        Stretch {
            start,
            projects,
            deployments: by.deployments.values().sum(),
            events: by.events,
            api_calls: by.api_calls,
        }
    }
}

impl BySubject {
    /// By project, those that are still there, the most often deployed first.
    fn deployed(&self, names: &HashMap<ProjectId, String>) -> Vec<Deployed> {
        let named = self.deployments.iter().filter_map(|(subject, count)| {
            let id: ProjectId = subject.parse().ok()?;
            Some(Deployed {
                id: subject.clone(),
                name: names.get(&id)?.clone(),
                deployments: *count,
            })
        });
        let mut deployed: Vec<_> = named.collect();
        deployed.sort_unstable_by_key(|project| (Reverse(project.deployments), project.id.clone()));
        deployed
    }
}

/// Projects by how often they were deployed, with their names; those that are
/// gone are left out.
pub async fn projects_of(
    within: &impl Within,
    db: &ReadTx,
    counted: Vec<(String, u64)>,
) -> Result<Vec<Deployed>, AppError> {
    let by = BySubject {
        deployments: counted.into_iter().collect(),
        ..BySubject::default()
    };
    let ids = by.deployments.keys().filter_map(|id| id.parse().ok());
    let names = names(within, db, ids.collect()).await?;
    Ok(by.deployed(&names))
}

/// What projects are called.
pub async fn names(
    within: &impl Within,
    db: &ReadTx,
    projects: BTreeSet<ProjectId>,
) -> Result<HashMap<ProjectId, String>, AppError> {
    if projects.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(ProjectId, String)> = within
        .find::<project::Entity>()
        .filter(project::Column::Id.is_in(projects))
        .select_only()
        .column(project::Column::Id)
        .column(project::Column::Name)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// How many are there, and who some of them are.
async fn people(
    within: &impl Within,
    db: &ReadTx,
    now: DateTime<Utc>,
) -> Result<(u64, Vec<Present>), AppError> {
    let there = within
        .find::<presence::Entity>()
        .filter(presence::Column::SeenAt.gt(now - LASTS));
    let count = there.clone().count(db).await?;
    let named: Vec<(UserId, String)> = there
        .inner_join(user::Entity)
        .select_only()
        .column(presence::Column::UserId)
        .column(user::Column::Name)
        .order_by_asc(presence::Column::UserId)
        .limit(NAMED)
        .into_tuple()
        .all(db)
        .await?;
    let people = named.into_iter().map(|(id, name)| Present {
        id: id.to_string(),
        name,
    });
    Ok((count, people.collect()))
}

/// In the last sixty seconds: those of this minute, and of the one before it
/// the part that isn't over for so long, as if they had come evenly.
fn calls_per_minute(minutes: &Series, now: DateTime<Utc>) -> u64 {
    let second = now.timestamp().rem_euclid(60).unsigned_abs();
    let mut latest = minutes.api_calls.iter().rev().copied();
    let this = latest.next().unwrap_or_default();
    let last = latest.next().unwrap_or_default();
    this + (last * (60 - second)).div_ceil(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_the_minute_before_count_as_far_as_it_reaches() {
        let series = Series {
            api_calls: vec![100, 30, 4],
            ..Series::default()
        };
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (now, calls) in [
            ("2026-11-24T05:37:00Z", 34),
            ("2026-11-24T05:37:30Z", 19),
            ("2026-11-24T05:37:59Z", 5),
        ] {
            assert_eq!(calls_per_minute(&series, at(now)), calls, "{now}");
        }
        assert_eq!(
            calls_per_minute(&Series::default(), at("2026-11-24T05:37:00Z")),
            0
        );
    }
}
