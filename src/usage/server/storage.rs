//! Bytes that are stored: a gauge per organization. Room is claimed before
//! anything is kept, in one conditional statement, so that no race exceeds it.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    calls,
    letters::{self, Warned},
};
use crate::{
    access::{
        Can, can,
        server::{Grant, OrgTx},
    },
    billing::{Limit, Quota},
    entity::{artifact_upload, storage},
    error::AppError,
    id::OrgId,
    server::{
        database::{ReadTx, Scope, WriteTx},
        services::Services,
    },
    usage::model::Level,
};

const WHY: &str = "room is claimed before anything is kept";
/// After how long without a sign of it an upload was cut off by a crash.
pub const LOST_AFTER: TimeDelta = TimeDelta::minutes(5);

/// Room for an upload under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub id: Uuid,
    pub organization: OrgId,
    pub bytes: u64,
    pub location: String,
}

/// How many bytes are stored now. A new organization is 0.
///
/// # Errors
/// If the database fails.
pub async fn stored(grant: &Grant<can::ViewUsage>, db: &ReadTx) -> Result<u64, AppError> {
    let gauge = grant.find::<storage::Entity>().one(db).await?;
    Ok(gauge.map_or(0, |gauge| gauge.bytes_stored.unsigned_abs()))
}

/// Claims room for so many bytes beside those that are stored or claimed.
///
/// # Errors
/// `LimitReached`.
pub async fn claim<C: Can>(
    grant: &Grant<C>,
    location: impl FnOnce(Uuid) -> String,
    bytes: u64,
) -> Result<Room, AppError> {
    let organization = grant.organization().id;
    let id = Uuid::now_v7();
    let room = Room {
        location: location(id),
        id,
        organization,
        bytes,
    };
    let tx = entered(grant.agent().services(), organization).await?;
    take(&tx, &room, grant.entitlements().quota(Limit::StorageBytes)).await?;
    artifact_upload::Entity::insert(artifact_upload::ActiveModel {
        id: Set(id),
        organization_id: Set(organization),
        bytes: Set(signed(bytes)?),
        location: Set(room.location.clone()),
        seen_at: Set(grant.now()),
    })
    .exec_without_returning(&*tx)
    .await?;
    tx.commit().await?;
    Ok(room)
}

async fn take(tx: &WriteTx, room: &Room, quota: Quota) -> Result<(), AppError> {
    let empty = storage::ActiveModel {
        organization_id: Set(room.organization),
        bytes_stored: Set(0),
        bytes_claimed: Set(0),
    };
    let there = OnConflict::column(storage::Column::OrganizationId)
        .update_column(storage::Column::OrganizationId)
        .to_owned();
    storage::Entity::insert(empty)
        .on_conflict(there)
        .exec_without_returning(&**tx)
        .await?;
    let bytes = signed(room.bytes)?;
    let mut taking = storage::Entity::update_many()
        .col_expr(
            storage::Column::BytesClaimed,
            Expr::col(storage::Column::BytesClaimed).add(bytes),
        )
        .filter(storage::Column::OrganizationId.eq(room.organization));
    if let Quota::Limited(max) = quota {
        let left = signed(max)?.saturating_sub(bytes);
        let in_use =
            Expr::col(storage::Column::BytesStored).add(Expr::col(storage::Column::BytesClaimed));
        taking = taking.filter(in_use.lte(left));
    }
    if taking.exec(&**tx).await?.rows_affected == 1 {
        return Ok(());
    }
    Err(AppError::LimitReached {
        limit: Limit::StorageBytes,
        max: match quota {
            Quota::Limited(max) => max,
            Quota::Unlimited => u64::MAX,
        },
    })
}

/// Says that an upload goes on.
///
/// # Errors
/// `NotFound` if it was taken for lost.
pub async fn go_on(services: &Services, room: &Room) -> Result<(), AppError> {
    let tx = entered(services, room.organization).await?;
    let seen = artifact_upload::Entity::update_many()
        .col_expr(
            artifact_upload::Column::SeenAt,
            Expr::value(services.clock.now()),
        )
        .filter(artifact_upload::Column::OrganizationId.eq(room.organization))
        .filter(artifact_upload::Column::Id.eq(room.id))
        .exec(&*tx)
        .await?;
    if seen.rows_affected == 0 {
        return Err(AppError::NotFound);
    }
    tx.commit().await
}

/// Gives the room of an upload back that came to nothing. Twice is harmless.
///
/// # Errors
/// If the database fails: a worker gives it back later then.
pub async fn give_up(services: &Services, room: &Room) -> Result<(), AppError> {
    let tx = entered(services, room.organization).await?;
    if forget(&tx, room).await? {
        change(&tx, room.organization, 0, -signed(room.bytes)?).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes of the room of an upload so many bytes that are stored, in place of
/// those that they replace.
///
/// # Errors
/// `NotFound` if the upload was taken for lost.
pub async fn keep(tx: &OrgTx, room: &Room, bytes: u64, replaced: u64) -> Result<(), AppError> {
    if !forget(tx, room).await? {
        return Err(AppError::NotFound);
    }
    let grown = signed(bytes)? - signed(replaced)?;
    change(tx, room.organization, grown, -signed(room.bytes)?).await?;
    let gauge = tx.find::<storage::Entity>().one(&**tx).await?;
    let stored = gauge.map_or(0, |gauge| gauge.bytes_stored.unsigned_abs());
    let quota = tx.entitlements().quota(Limit::StorageBytes);
    if let Some(level) = Level::of(stored, quota).filter(|_| grown > 0) {
        let record = calls::locked_record(tx, room.organization, tx.now()).await?;
        letters::warn(tx, &record, Warned::Storage, level, tx.now()).await?;
    }
    Ok(())
}

/// Gives bytes back that are deleted.
///
/// # Errors
/// If the database fails.
pub async fn free(tx: &OrgTx, bytes: u64) -> Result<(), AppError> {
    if bytes == 0 {
        return Ok(());
    }
    change(tx, tx.organization().id, -signed(bytes)?, 0).await
}

/// Uploads that nobody has gone on with, whoever's they are.
///
/// # Errors
/// If the database fails.
pub async fn lost(services: &Services) -> Result<Vec<Room>, AppError> {
    let long_ago: DateTime<Utc> = services.clock.now() - LOST_AFTER;
    let rows = artifact_upload::Entity::find()
        .filter(artifact_upload::Column::SeenAt.lte(long_ago))
        .all(&services.db.read(Scope::Proof).await?)
        .await?;
    let room = |row: artifact_upload::Model| Room {
        id: row.id,
        organization: row.organization_id,
        bytes: row.bytes.unsigned_abs(),
        location: row.location,
    };
    Ok(rows.into_iter().map(room).collect())
}

/// Tells whether it was there still.
async fn forget(tx: &DatabaseTransaction, room: &Room) -> Result<bool, AppError> {
    let forgotten = artifact_upload::Entity::delete_many()
        .filter(artifact_upload::Column::OrganizationId.eq(room.organization))
        .filter(artifact_upload::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    Ok(forgotten.rows_affected == 1)
}

async fn change(
    tx: &DatabaseTransaction,
    organization: OrgId,
    stored: i64,
    claimed: i64,
) -> Result<(), AppError> {
    use storage::Column::{BytesClaimed, BytesStored, OrganizationId};
    storage::Entity::update_many()
        .col_expr(BytesStored, Expr::col(BytesStored).add(stored))
        .col_expr(BytesClaimed, Expr::col(BytesClaimed).add(claimed))
        .filter(OrganizationId.eq(organization))
        .exec(tx)
        .await?;
    Ok(())
}

async fn entered(services: &Services, organization: OrgId) -> Result<WriteTx, AppError> {
    let tx = services.db.write(WHY).await?;
    tx.enter(Scope::Tenant(organization)).await?;
    Ok(tx)
}

fn signed(bytes: u64) -> Result<i64, AppError> {
    i64::try_from(bytes).map_err(|_| AppError::TooLarge)
}
