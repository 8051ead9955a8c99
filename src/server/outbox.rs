//! Effects that happen after a commit and because of it: written in the same
//! transaction, then delivered at least once, with back-off.

use std::{pin::Pin, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::services::Services;
use crate::{entity::outbox, error::AppError};

/// How often the worker looks for effects that are due for another try.
const PERIOD: Duration = Duration::from_secs(5);
/// For how long an effect that was taken is nobody else's.
const LEASE: TimeDelta = TimeDelta::seconds(60);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// Something that can wait in the outbox.
pub trait Effect: Serialize {}

/// Makes an effect happen; an error means that it is tried again.
pub type Deliver =
    fn(Services, serde_json::Value) -> Pin<Box<dyn Future<Output = Result<(), AppError>> + Send>>;

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
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Delivers until told to stop; then finishes what it has begun.
pub async fn work(services: Services, deliver: Deliver, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match deliver_due(&services, deliver).await {
            Ok(0) | Err(_) => tokio::select! {
                () = stop.cancelled() => {}
                () = services.outbox_filled.notified() => {}
                () = tokio::time::sleep(PERIOD) => {}
            },
            Ok(_) => {}
        }
    }
}

/// Delivers what is due, one after the other, and gives how many there were.
///
/// # Errors
/// If the database fails; what was delivered by then is done.
pub async fn deliver_due(services: &Services, deliver: Deliver) -> Result<u64, AppError> {
    let mut delivered = 0;
    while let Some(row) = take(services).await? {
        match deliver(services.clone(), row.effect.clone()).await {
            Ok(()) => {
                let tx = services.db.write("the outbox is nobody's").await?;
                outbox::Entity::delete_by_id(row.id).exec(&*tx).await?;
                tx.commit().await?;
            }
            Err(error) => postpone(services, &row, &error).await?,
        }
        delivered += 1;
    }
    Ok(delivered)
}

/// Takes the next effect, so that no other worker does for a while.
async fn take(services: &Services) -> Result<Option<outbox::Model>, AppError> {
    let now = services.clock.now();
    let tx = services.db.write("the outbox is nobody's").await?;
    let next = outbox::Entity::find()
        .filter(outbox::Column::AvailableAt.lte(now))
        .order_by_asc(outbox::Column::AvailableAt)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&*tx)
        .await?;
    let Some(row) = next else { return Ok(None) };
    outbox::Entity::update(outbox::ActiveModel {
        id: Set(row.id),
        attempts: Set(row.attempts + 1),
        available_at: Set(now + LEASE),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    tx.commit().await?;
    Ok(Some(row))
}

async fn postpone(
    services: &Services,
    row: &outbox::Model,
    error: &AppError,
) -> Result<(), AppError> {
    let wait = TimeDelta::seconds(1_i64 << row.attempts.clamp(0, 12)).min(LONGEST_WAIT);
    let tx = services.db.write("the outbox is nobody's").await?;
    outbox::Entity::update(outbox::ActiveModel {
        id: Set(row.id),
        available_at: Set(services.clock.now() + wait),
        last_error: Set(Some(error.words().chars().take(500).collect())),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    tx.commit().await
}
