//! Requests that are done once, however often they are sent: what was answered
//! is kept for a day, in the transaction of what was done.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockType, OnConflict},
};
use serde::Serialize;

use super::{agent::Once, grant::Grant, tx::OrgTx};
use crate::{
    access::Can,
    entity::{idempotent_answer, organization},
    error::{AppError, Conflict},
    id::OrgId,
    server::{database::Scope, services::Services},
};

/// For how long an answer is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// What the same request was answered before, if it was.
///
/// # Errors
/// `KeyReused` if another request was sent with that key.
pub async fn recall<C: Can>(grant: &Grant<C>, once: &Once) -> Result<Option<Answer>, AppError> {
    let found = grant
        .find::<idempotent_answer::Entity>()
        .filter(idempotent_answer::Column::KeyHash.eq(once.key_hash.clone()))
        .filter(idempotent_answer::Column::ExpiresAt.gt(grant.now()))
        .one(&grant.read().await?)
        .await?;
    match found {
        Some(found) if found.request_hash != once.request_hash => Err(AppError::KeyReused),
        found => Ok(found.map(|found| Answer {
            status: u16::try_from(found.status).unwrap_or(500),
            body: found.body,
        })),
    }
}

/// Keeps what a request was answered that changed nothing, unless the same
/// request was answered in the meantime.
///
/// # Errors
/// If the database fails.
pub async fn keep_refusal<C: Can, T: Serialize + Sync>(
    grant: &Grant<C>,
    once: &Once,
    status: u16,
    told: &T,
) -> Result<(), AppError> {
    let organization = grant.organization().id;
    let tx = grant.agent().services().db.write("a grant's own").await?;
    tx.enter(Scope::Tenant(organization)).await?;
    // It stays until this is done.
    organization::Entity::find_by_id(organization)
        .lock(LockType::KeyShare)
        .one(&*tx)
        .await?
        .ok_or(AppError::NotFound)?;
    forget_old(&*tx, organization, grant.now()).await?;
    let row = row(organization, once, status, told, grant.now())?;
    idempotent_answer::Entity::insert(row)
        .on_conflict(unless_answered())
        .exec_without_returning(&*tx)
        .await?;
    tx.commit().await
}

/// Makes sure that the same request hasn't been answered. It can't be while
/// the organization is locked.
///
/// # Errors
/// `Conflict` if it has.
pub(super) async fn not_yet(tx: &OrgTx, once: &Once) -> Result<(), AppError> {
    forget_old(&**tx, tx.organization().id, tx.now()).await?;
    let answered = tx
        .find::<idempotent_answer::Entity>()
        .filter(idempotent_answer::Column::KeyHash.eq(once.key_hash.clone()))
        .one(&**tx)
        .await?;
    if answered.is_none() {
        return Ok(());
    }
    Err(AppError::Conflict {
        conflict: Conflict::SameRequest,
    })
}

pub(super) async fn keep<T: Serialize + Sync>(
    tx: &OrgTx,
    once: &Once,
    status: u16,
    told: &T,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let row = row(tx.organization().id, once, status, told, now)?;
    let kept = idempotent_answer::Entity::insert(row)
        .on_conflict(unless_answered())
        .exec_without_returning(&**tx)
        .await?;
    if kept == 1 {
        return Ok(());
    }
    // A refusal was quicker, for which nobody has to be alone.
    Err(AppError::Conflict {
        conflict: Conflict::SameRequest,
    })
}

fn unless_answered() -> OnConflict {
    OnConflict::columns([
        idempotent_answer::Column::OrganizationId,
        idempotent_answer::Column::KeyHash,
    ])
    .do_nothing()
    .to_owned()
}

fn row<T: Serialize>(
    organization: OrgId,
    once: &Once,
    status: u16,
    told: &T,
    now: DateTime<Utc>,
) -> Result<idempotent_answer::ActiveModel, AppError> {
    let body = serde_json::to_string(told).map_err(|error| AppError::internal(&error))?;
    Ok(idempotent_answer::ActiveModel {
        organization_id: Set(organization),
        key_hash: Set(once.key_hash.clone()),
        request_hash: Set(once.request_hash.clone()),
        status: Set(status.into()),
        body: Set(body),
        expires_at: Set(now + KEPT),
    })
}

/// Forgets what needn't be told again.
///
/// # Errors
/// If the database fails.
pub async fn forget_expired(
    services: &Services,
    organization: OrgId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let expired = idempotent_answer::Entity::find()
        .filter(idempotent_answer::Column::OrganizationId.eq(organization))
        .filter(idempotent_answer::Column::ExpiresAt.lte(now));
    // Most of the time there is nothing, and nobody has to wait for that.
    let db = services.db.read(Scope::Tenant(organization)).await?;
    if expired.one(&db).await?.is_none() {
        return Ok(());
    }
    drop(db);
    let tx = services.db.write("answers that are old").await?;
    tx.enter(Scope::Tenant(organization)).await?;
    forget_old(&*tx, organization, now).await?;
    tx.commit().await
}

async fn forget_old(
    tx: &impl ConnectionTrait,
    organization: OrgId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    idempotent_answer::Entity::delete_many()
        .filter(idempotent_answer::Column::OrganizationId.eq(organization))
        .filter(idempotent_answer::Column::ExpiresAt.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}
