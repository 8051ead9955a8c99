//! Roll-ups: how often what happened, by the minute, the hour and the day.
//!
//! They are counted in the transaction of what they count: what was rolled
//! back was never counted, and nothing is counted twice.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Alias, Expr, OnConflict},
};

use crate::{
    entity::rollup::{self, Column, Grain, Measure},
    error::AppError,
    id::{OrgId, ProjectId},
    server::database::{ReadTx, WriteTx},
};

/// For how long each minute is known by itself: for the last hour, and the one
/// before it.
const MINUTES_KEPT: TimeDelta = TimeDelta::days(2);

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Counted<'a> {
    Event { action: &'a str },
    Deployment { project: ProjectId },
    ApiCall,
}

impl Counted<'_> {
    fn measure(&self) -> Measure {
        match self {
            Self::Event { .. } => Measure::Event,
            Self::Deployment { .. } => Measure::Deployment,
            Self::ApiCall => Measure::ApiCall,
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Event { action } => (*action).to_owned(),
            Self::Deployment { project } => project.to_string(),
            Self::ApiCall => String::new(),
        }
    }
}

/// Counts what happened at that time, each so often. The caller has entered the
/// organization, and whoever else counts the same waits for them.
///
/// # Errors
/// If the database fails.
pub async fn count(
    tx: &impl ConnectionTrait,
    organization: OrgId,
    at: DateTime<Utc>,
    counted: &[(Counted<'_>, u64)],
) -> Result<(), AppError> {
    let row = |grain: Grain, (what, times): &(Counted<'_>, u64)| rollup::ActiveModel {
        organization_id: Set(organization),
        grain: Set(grain),
        starts_at: Set(grain.start_of(at)),
        measure: Set(what.measure()),
        subject: Set(what.subject()),
        count: Set(times.cast_signed()),
    };
    let rows = Grain::ALL
        .into_iter()
        .flat_map(|grain| counted.iter().map(move |counted| row(grain, counted)));
    let so_far = Expr::col((rollup::Entity, Column::Count));
    let further = OnConflict::columns([
        Column::OrganizationId,
        Column::Grain,
        Column::StartsAt,
        Column::Measure,
        Column::Subject,
    ])
    .value(
        Column::Count,
        so_far.add(Expr::col((Alias::new("excluded"), Column::Count))),
    )
    .to_owned();
    rollup::Entity::insert_many(rows)
        .on_conflict(further)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// What is older than is kept: the stretches that ended that long ago.
#[derive(Clone, Debug)]
pub struct Outdated(Condition);

impl Outdated {
    /// Of an organization that keeps so much; none for one that keeps all.
    #[must_use]
    pub fn of(organization: OrgId, kept: Option<TimeDelta>, now: DateTime<Utc>) -> Self {
        let ended = |grain: Grain| {
            let kept = match (grain, kept) {
                (Grain::Minute, kept) => Some(kept.unwrap_or(MINUTES_KEPT).min(MINUTES_KEPT)),
                (_, kept) => kept,
            }?;
            let last = (now - kept).timestamp() - grain.seconds();
            let of_grain = Condition::all()
                .add(Column::Grain.eq(grain))
                .add(Column::StartsAt.lte(last));
            Some(of_grain)
        };
        let any = Grain::ALL
            .into_iter()
            .filter_map(ended)
            .fold(Condition::any(), Condition::add);
        Self(
            Condition::all()
                .add(Column::OrganizationId.eq(organization))
                .add(any),
        )
    }

    /// # Errors
    /// If the database fails.
    pub async fn is_there(&self, db: &ReadTx) -> Result<bool, AppError> {
        let found = rollup::Entity::find().filter(self.0.clone());
        Ok(found.one(db).await?.is_some())
    }

    /// # Errors
    /// If the database fails.
    pub async fn delete(self, tx: &WriteTx) -> Result<(), AppError> {
        rollup::Entity::delete_many()
            .filter(self.0)
            .exec(&**tx)
            .await?;
        Ok(())
    }
}
