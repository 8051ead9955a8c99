//! What went on over a range. The database adds up: what is read is as much for
//! ninety days as for an hour.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Alias, Expr},
};

use super::now::projects_of;
use crate::{
    access::server::Within,
    analytics::model::{ByAction, Grain, History, Measure, Metric, PROJECTS_TOLD, Range, Series},
    entity::rollup::{self, Column},
    error::AppError,
    server::database::ReadTx,
};

/// A range that may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub range: Range,
    /// Whether the period before it may be shown as well.
    pub is_compared: bool,
}

pub async fn history(
    within: &impl Within,
    db: &ReadTx,
    asked: Asked,
    now: DateTime<Utc>,
) -> Result<History, AppError> {
    let range = asked.range;
    let first = range.first(now);
    // All of the last hour is told by what goes on now.
    if range.grain() == Grain::Minute {
        return Ok(History {
            range,
            first,
            ..History::default()
        });
    }
    let length = usize::from(range.length());
    let (since, points) = if asked.is_compared {
        (range.first_before(now), 2 * length)
    } else {
        (first, length)
    };
    let counts = series(within, db, range.grain(), since, points).await?;
    let (before, counts) = if asked.is_compared {
        let (before, counts) = counts.split_at(length);
        (Some(before), counts)
    } else {
        (None, counts)
    };
    let mut events = ByAction::default();
    let mut projects = Vec::new();
    for (measure, subject, count) in settled(within, db, range, now).await? {
        match measure {
            Measure::Event => events.add(&subject, count.unsigned_abs()),
            Measure::Deployment => projects.push((subject, count.unsigned_abs())),
            Measure::ApiCall => {}
        }
    }
    projects.truncate(PROJECTS_TOLD);
    Ok(History {
        range,
        first,
        counts,
        before,
        settled_events: events,
        settled_projects: projects_of(within, db, projects).await?,
    })
}

async fn series(
    within: &impl Within,
    db: &ReadTx,
    grain: Grain,
    since: i64,
    points: usize,
) -> Result<Series, AppError> {
    let counted: Vec<(i64, Measure, i64)> = of_grain(within, grain)
        .filter(Column::StartsAt.gte(since))
        .select_only()
        .column(Column::StartsAt)
        .column(Column::Measure)
        .column_as(total(), "total")
        .group_by(Column::StartsAt)
        .group_by(Column::Measure)
        .into_tuple()
        .all(db)
        .await?;
    let mut series = Series::empty(points);
    for (start, measure, count) in counted {
        add(&mut series, grain, since, start, (measure, count));
    }
    Ok(series)
}

/// Adds what was counted in the stretch that begins at `start` to its point of a
/// series whose first one begins at `since`.
pub fn add(
    series: &mut Series,
    grain: Grain,
    since: i64,
    start: i64,
    (measure, count): (Measure, i64),
) {
    let place = usize::try_from((start - since) / grain.seconds());
    let points = series.of_mut(metric(measure));
    if let Some(point) = place.ok().and_then(|place| points.get_mut(place)) {
        *point += count.unsigned_abs();
    }
}

const fn metric(measure: Measure) -> Metric {
    match measure {
        Measure::Event => Metric::Events,
        Measure::Deployment => Metric::Deployments,
        Measure::ApiCall => Metric::ApiCalls,
    }
}

/// What was counted by subject before the stretch that is under way, the most
/// first.
async fn settled(
    within: &impl Within,
    db: &ReadTx,
    range: Range,
    now: DateTime<Utc>,
) -> Result<Vec<(Measure, String, i64)>, AppError> {
    let grain = range.grain();
    Ok(of_grain(within, grain)
        .filter(Column::StartsAt.gte(range.first(now)))
        .filter(Column::StartsAt.lt(grain.start_of(now)))
        .filter(Column::Measure.ne(Measure::ApiCall))
        .select_only()
        .column(Column::Measure)
        .column(Column::Subject)
        .column_as(total(), "total")
        .group_by(Column::Measure)
        .group_by(Column::Subject)
        .order_by(total(), Order::Desc)
        .into_tuple()
        .all(db)
        .await?)
}

fn of_grain(within: &impl Within, grain: Grain) -> Select<rollup::Entity> {
    within
        .find::<rollup::Entity>()
        .filter(Column::Grain.eq(grain))
}

/// A sum of whole numbers is something wider on PostgreSQL.
fn total() -> Expr {
    Expr::col(Column::Count).sum().cast_as(Alias::new("bigint"))
}
