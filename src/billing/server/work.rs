//! The worker that does what follows from Stripe's events: from where they are
//! kept, so that what a crash left is taken up by whoever comes next.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, LockBehavior, LockType},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::apply;
use crate::{
    entity::stripe_event::{self, EventState},
    error::AppError,
    server::{services::Services, stripe::Stripe, telemetry},
};

/// How often the worker looks for what is due for another try.
const PERIOD: Duration = Duration::from_secs(5);
/// For how long an event that was taken is nobody else's; no harm is done if
/// somebody else takes it after all.
const LEASE: TimeDelta = TimeDelta::seconds(25);
/// How long one may take, Stripe's answers included.
const PATIENCE: Duration = Duration::from_secs(20);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// How many are looked at together: Stripe limits how often it is asked.
const AT_ONCE: usize = 4;
/// Of how many that wait those are chosen.
const CHOICE: u64 = 64;
/// After how many tries an operator should know.
const STUCK: i64 = 5;
/// For how long an event is kept once all that follows from it was done.
const KEPT: TimeDelta = TimeDelta::days(90);

const WHY: &str = "Stripe's events are nobody's";

/// Works until told to stop; then finishes what it has begun.
pub async fn work(services: Services, stop: CancellationToken) {
    let Some(stripe) = services.stripe.clone() else {
        return;
    };
    let mut under_way = JoinSet::new();
    while !stop.is_cancelled() {
        let free = AT_ONCE - under_way.len();
        // What can't be taken now is taken the next time.
        for event in take(&services, free).await.unwrap_or_default() {
            under_way.spawn(follow(services.clone(), stripe.clone(), event));
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = under_way.join_next() => {}
            () = services.events_stored.notified(), if under_way.len() < AT_ONCE => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
}

fn due(now: DateTime<Utc>) -> Select<stripe_event::Entity> {
    stripe_event::Entity::find()
        .filter(stripe_event::Column::State.eq(EventState::Pending))
        .filter(stripe_event::Column::AvailableAt.lte(now))
        .order_by_asc(stripe_event::Column::Attempts)
        .order_by_asc(stripe_event::Column::AvailableAt)
}

/// Takes so many events, so that no other worker does for a while.
async fn take(services: &Services, most: usize) -> Result<Vec<stripe_event::Model>, AppError> {
    let now = services.clock.now();
    // Most of the time there is nothing, and nobody has to wait for that.
    if most == 0 || due(now).one(services.db.unscoped(WHY)).await?.is_none() {
        return Ok(Vec::new());
    }
    let tx = services.db.write(WHY).await?;
    let waiting = due(now)
        .limit(CHOICE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&*tx)
        .await?;
    let taken = of_different_subjects(waiting, most);
    let ids = taken.iter().map(|event| event.id.clone());
    stripe_event::Entity::update_many()
        .col_expr(
            stripe_event::Column::Attempts,
            Expr::col(stripe_event::Column::Attempts).add(1),
        )
        .col_expr(stripe_event::Column::AvailableAt, Expr::value(now + LEASE))
        .filter(stripe_event::Column::Id.is_in(ids))
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    Ok(taken)
}

/// One look answers all that is about the same subscription.
fn of_different_subjects(
    waiting: Vec<stripe_event::Model>,
    most: usize,
) -> Vec<stripe_event::Model> {
    let mut subjects = HashSet::new();
    waiting
        .into_iter()
        .filter(|event| event.subject.is_none() || subjects.insert(event.subject.clone()))
        .take(most)
        .collect()
}

async fn follow(services: Services, stripe: Stripe, event: stripe_event::Model) {
    let followed = apply::event(&services, &stripe, &event)
        .instrument(telemetry::work_span("follow an event of Stripe"));
    let followed = tokio::time::timeout(PATIENCE, followed).await;
    let Err(error) = followed.unwrap_or(Err(AppError::StripeUnavailable)) else {
        return;
    };
    tracing::warn!(event = event.id, %error, "an event of Stripe is left for another try");
    if put_off(&services, &event, &error).await.is_err() {
        tracing::warn!(
            event = event.id,
            "and that couldn't be noted: its lease has to end"
        );
    }
}

async fn put_off(
    services: &Services,
    event: &stripe_event::Model,
    error: &AppError,
) -> Result<(), AppError> {
    let words: String = error.words().chars().take(500).collect();
    let next = services.clock.now() + wait_after(event.attempts + 1);
    let tx = services.db.write(WHY).await?;
    stripe_event::Entity::update_many()
        .col_expr(stripe_event::Column::Note, Expr::value(words))
        .col_expr(stripe_event::Column::AvailableAt, Expr::value(next))
        .filter(stripe_event::Column::Id.eq(event.id.clone()))
        .filter(stripe_event::Column::State.eq(EventState::Pending))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// Doubles with each try, and never ends: what was acknowledged isn't lost.
fn wait_after(tries: i64) -> TimeDelta {
    TimeDelta::seconds(1_i64 << (tries - 1).clamp(0, 12)).min(LONGEST_WAIT)
}

/// The newest events, for an operator.
///
/// # Errors
/// If the database fails.
pub async fn newest(
    services: &Services,
    most: u64,
    only_open: bool,
) -> Result<Vec<stripe_event::Model>, AppError> {
    let mut events = stripe_event::Entity::find();
    if only_open {
        events = events.filter(
            stripe_event::Column::State
                .eq(EventState::Pending)
                .or(stripe_event::Column::IsAlert.eq(true)),
        );
    }
    Ok(events
        .order_by_desc(stripe_event::Column::ReceivedAt)
        .order_by_desc(stripe_event::Column::Id)
        .limit(most)
        .all(services.db.unscoped(WHY))
        .await?)
}

/// Has an event looked at again, whatever became of it before.
///
/// # Errors
/// `NotFound` if there is none of that id.
pub async fn retry(services: &Services, id: &str) -> Result<(), AppError> {
    let tx = services.db.write(WHY).await?;
    let retried = stripe_event::Entity::update(stripe_event::ActiveModel {
        id: Set(id.to_owned()),
        state: Set(EventState::Pending),
        attempts: Set(0),
        note: Set(None),
        is_alert: Set(false),
        settled_at: Set(None),
        available_at: Set(services.clock.now()),
        ..Default::default()
    });
    retried.exec(&*tx).await?;
    tx.commit().await?;
    services.events_stored.notify_one();
    Ok(())
}

/// How many events an operator has to look at: those that say so, and those
/// that were tried in vain for a while.
///
/// # Errors
/// If the database fails.
pub async fn troubles(services: &Services) -> Result<u64, AppError> {
    let stuck = stripe_event::Column::State
        .eq(EventState::Pending)
        .and(stripe_event::Column::Attempts.gte(STUCK));
    Ok(stripe_event::Entity::find()
        .filter(stripe_event::Column::IsAlert.eq(true).or(stuck))
        .count(services.db.unscoped(WHY))
        .await?)
}

/// Deletes what was settled long ago.
///
/// # Errors
/// If the database fails.
pub async fn delete_old(services: &Services) -> Result<(), AppError> {
    let long_ago = services.clock.now() - KEPT;
    let tx = services.db.write(WHY).await?;
    stripe_event::Entity::delete_many()
        .filter(stripe_event::Column::SettledAt.lte(long_ago))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_tried_ever_more_seldom_and_for_ever() {
        let waits: Vec<TimeDelta> = (1..100).map(wait_after).collect();
        assert!(waits.is_sorted());
        assert_eq!(waits.first(), Some(&TimeDelta::seconds(1)));
        assert_eq!(waits.last(), Some(&LONGEST_WAIT));
    }
}
