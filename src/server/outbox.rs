//! Effects that happen after a commit and because of it: written in the same
//! transaction, then delivered at least once, with back-off. One that fails
//! for a day is kept for an operator to see, and not tried again.

use std::{pin::Pin, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, UpdateMany,
    sea_query::{Expr, LockBehavior, LockType},
};
use serde::Serialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use super::{database::WriteTx, services::Services, telemetry};
use crate::{entity::outbox, error::AppError};

/// How often the worker looks for effects that are due for another try.
const PERIOD: Duration = Duration::from_secs(5);
/// For how long an effect that was taken is nobody else's.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long a delivery may take: less than the lease, so that it is over
/// before anyone else begins.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(40);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// Twelve tries within the first 68 minutes, then one an hour: a day and more.
pub const MOST_TRIES: i32 = 36;
/// For how long what was given up is kept for an operator to see.
const GIVEN_UP_KEPT: TimeDelta = TimeDelta::days(30);
/// How many are delivered at once, so that one slow receiver isn't everyone's.
const AT_ONCE: usize = 4;

const WHY: &str = "the outbox is nobody's";

/// Something that can wait in the outbox.
pub trait Effect: Serialize {}

/// An effect that somebody is owed.
#[derive(Clone, Debug)]
pub struct Owed {
    pub effect: serde_json::Value,
    /// When what caused it was committed.
    pub since: DateTime<Utc>,
}

/// Why an effect didn't happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It may the next time.
    Yet(AppError),
    /// It must, however long it takes.
    Still(AppError),
    /// It never will, for the reason given.
    Ever(String),
}

impl From<AppError> for Undelivered {
    fn from(error: AppError) -> Self {
        Self::Yet(error)
    }
}

/// Makes an effect happen.
pub type Deliver =
    fn(Services, Owed) -> Pin<Box<dyn Future<Output = Result<(), Undelivered>> + Send>>;

/// Adds an effect to the transaction that causes it.
///
/// # Errors
/// If the database fails.
pub async fn post(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    effect: &impl Effect,
) -> Result<(), AppError> {
    let effect = serde_json::to_value(effect).map_err(|error| AppError::internal(&error))?;
    outbox::Entity::insert(outbox::ActiveModel {
        id: Set(Uuid::now_v7()),
        effect: Set(effect),
        attempts: Set(0),
        created_at: Set(now),
        available_at: Set(now),
        last_error: Set(None),
        given_up_at: Set(None),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Deletes what was given up long ago: it may hold what people typed.
///
/// # Errors
/// If the database fails.
pub async fn delete_given_up(services: &Services) -> Result<(), AppError> {
    let long_ago = services.clock.now() - GIVEN_UP_KEPT;
    let tx = services.db.write(WHY).await?;
    outbox::Entity::delete_many()
        .filter(outbox::Column::GivenUpAt.lte(long_ago))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// How many effects were given up.
///
/// # Errors
/// If the database fails.
pub async fn given_up(services: &Services) -> Result<u64, AppError> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::GivenUpAt.is_not_null())
        .count(services.db.unscoped(WHY))
        .await?)
}

/// Delivers until told to stop; then finishes what it has begun.
pub async fn work(services: Services, deliver: Deliver, stop: CancellationToken) {
    let mut under_way = JoinSet::new();
    while !stop.is_cancelled() {
        let free = AT_ONCE - under_way.len();
        // What can't be taken now is taken the next time.
        let taken = take(&services, free).await.unwrap_or_default();
        for lease in taken {
            under_way.spawn(lease.deliver(services.clone(), deliver));
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = under_way.join_next() => {}
            () = services.outbox_filled.notified(), if under_way.len() < AT_ONCE => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
}

/// An effect that was taken and is nobody else's for a while.
#[derive(Debug)]
pub struct Lease {
    id: Uuid,
    owed: Owed,
    /// The how many-th try this is. A worker that takes the effect after the
    /// lease has run out counts one more, and by that the lease is lost.
    attempt: i32,
}

/// Takes so many effects, so that no other worker does for a while. Those that
/// were never tried come before those that failed.
///
/// # Errors
/// If the database fails.
pub async fn take(services: &Services, most: usize) -> Result<Vec<Lease>, AppError> {
    let now = services.clock.now();
    // Most of the time there is nothing, and nobody has to wait for that.
    if most == 0 || due(now).one(services.db.unscoped(WHY)).await?.is_none() {
        return Ok(Vec::new());
    }
    let tx = services.db.write(WHY).await?;
    let rows = due(now)
        .limit(most as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&*tx)
        .await?;
    let mut taken = Vec::new();
    for row in rows {
        if row.attempts >= MOST_TRIES {
            // It ended whoever tried it, who could note nothing of it.
            give_up(&tx, row.id, now).await?;
            continue;
        }
        let lease = Lease {
            id: row.id,
            owed: Owed {
                effect: row.effect,
                since: row.created_at,
            },
            attempt: row.attempts + 1,
        };
        outbox::Entity::update(outbox::ActiveModel {
            id: Set(row.id),
            attempts: Set(lease.attempt),
            available_at: Set(now + LEASE),
            ..Default::default()
        })
        .exec(&*tx)
        .await?;
        taken.push(lease);
    }
    tx.commit().await?;
    Ok(taken)
}

async fn give_up(tx: &WriteTx, id: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    tracing::error!(effect = %id, "an effect was given up");
    let given_up = outbox::ActiveModel {
        id: Set(id),
        given_up_at: Set(Some(now)),
        ..Default::default()
    };
    outbox::Entity::update(given_up).exec(&**tx).await?;
    Ok(())
}

fn due(now: DateTime<Utc>) -> Select<outbox::Entity> {
    outbox::Entity::find()
        .filter(outbox::Column::AvailableAt.lte(now))
        .filter(outbox::Column::GivenUpAt.is_null())
        .order_by_asc(outbox::Column::Attempts)
        .order_by_asc(outbox::Column::AvailableAt)
}

impl Lease {
    /// Delivers the effect and settles what became of it.
    pub async fn deliver(self, services: Services, deliver: Deliver) {
        let delivery = deliver(services.clone(), self.owed.clone())
            .instrument(telemetry::work_span("deliver an effect"));
        let delivered = tokio::time::timeout(DELIVERY_TIMEOUT, delivery)
            .await
            .unwrap_or(Err(Undelivered::Yet(AppError::Unavailable)));
        let settled = match delivered {
            Ok(()) => self.done(&services).await,
            Err(why) => self.failed(&services, why).await,
        };
        if settled.is_err() {
            tracing::warn!(effect = %self.id, "what became of an effect couldn't be noted: it is tried again");
        }
    }

    /// Forgets an effect that has happened. Without the lease it does nothing.
    ///
    /// # Errors
    /// If the database fails: the effect may happen again then.
    pub async fn done(&self, services: &Services) -> Result<(), AppError> {
        let tx = services.db.write(WHY).await?;
        outbox::Entity::delete_many()
            .filter(outbox::Column::Id.eq(self.id))
            .filter(outbox::Column::Attempts.eq(self.attempt))
            .exec(&*tx)
            .await?;
        tx.commit().await
    }

    /// Has an effect tried again later, or gives it up where that is no use.
    /// Without the lease it does nothing.
    ///
    /// # Errors
    /// If the database fails: the effect is tried again once the lease is over.
    pub async fn failed(
        &self,
        services: &Services,
        why: impl Into<Undelivered>,
    ) -> Result<(), AppError> {
        let now = services.clock.now();
        let (words, is_hopeless, tries) = match why.into() {
            Undelivered::Yet(error) => (error.words(), self.attempt >= MOST_TRIES, self.attempt),
            // Its tries don't run out.
            Undelivered::Still(error) => (error.words(), false, self.attempt.min(MOST_TRIES / 2)),
            Undelivered::Ever(words) => (words, true, self.attempt),
        };
        let words: String = words.chars().take(500).collect();
        let noted = self
            .update()
            .col_expr(outbox::Column::LastError, Expr::value(words))
            .col_expr(outbox::Column::Attempts, Expr::value(tries));
        let noted = if is_hopeless {
            tracing::error!(effect = %self.id, tries = self.attempt, "an effect was given up");
            noted.col_expr(outbox::Column::GivenUpAt, Expr::value(now))
        } else {
            noted.col_expr(
                outbox::Column::AvailableAt,
                Expr::value(now + wait_after(self.attempt)),
            )
        };
        let tx = services.db.write(WHY).await?;
        noted.exec(&*tx).await?;
        tx.commit().await
    }

    fn update(&self) -> UpdateMany<outbox::Entity> {
        outbox::Entity::update_many()
            .filter(outbox::Column::Id.eq(self.id))
            .filter(outbox::Column::Attempts.eq(self.attempt))
    }
}

/// Doubles with each try.
fn wait_after(tries: i32) -> TimeDelta {
    TimeDelta::seconds(1_i64 << (tries - 1).clamp(0, 12)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_go_on_for_a_day_and_then_end() {
        let waits: Vec<TimeDelta> = (1..MOST_TRIES).map(wait_after).collect();
        assert!(waits.is_sorted());
        assert_eq!(waits.first(), Some(&TimeDelta::seconds(1)));
        assert_eq!(waits.last(), Some(&LONGEST_WAIT));
        let together: TimeDelta = waits.iter().sum();
        assert!(together > TimeDelta::hours(24) && together < TimeDelta::hours(26));
    }

    #[test]
    fn a_delivery_is_over_before_its_lease() {
        assert!(TimeDelta::from_std(DELIVERY_TIMEOUT).is_ok_and(|timeout| timeout < LEASE));
    }
}
