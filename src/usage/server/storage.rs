//! Bytes that are stored: a gauge per organization. Room is claimed before
//! anything is kept, in one conditional statement, so that no race exceeds it.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QuerySelect, UpdateMany,
    sea_query::{Expr, LockType, OnConflict},
};
use uuid::Uuid;

use super::{
    calls,
    letters::{self, Warned},
};
use crate::{
    access::{
        Can,
        server::{Grant, OrgTx, Within},
    },
    billing::{Entitlements, Limit, Quota},
    entity::{artifact_upload, deployment, organization, storage},
    error::AppError,
    id::OrgId,
    server::{
        database::{ReadTx, Scope, WriteTx},
        outbox,
        services::Services,
        store::Removal,
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
pub async fn stored(within: &impl Within, db: &ReadTx) -> Result<u64, AppError> {
    let gauge = within.find::<storage::Entity>().one(db).await?;
    Ok(gauge.map_or(0, |gauge| gauge.bytes_stored.unsigned_abs()))
}

/// Claims room for so many bytes beside those that are stored or claimed,
/// without those that they are to replace.
///
/// # Errors
/// `LimitReached`.
pub async fn claim<C: Can>(
    grant: &Grant<C>,
    location: impl FnOnce(Uuid) -> String,
    bytes: u64,
    replaced: u64,
) -> Result<Room, AppError> {
    let organization = grant.organization().id;
    let id = Uuid::now_v7();
    let bytes = bytes.saturating_sub(replaced);
    let room = Room {
        location: location(id),
        id,
        organization,
        bytes,
    };
    let services = grant.agent().services();
    let tx = entered(services, organization).await?;
    if let Err(full) = take(&tx, &room, grant.now()).await {
        // What was noted of it stays; nothing else was changed.
        tx.commit().await?;
        services.outbox_filled.notify_one();
        return Err(full);
    }
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

/// Owners are told if it is refused for lack of room, once most is used.
async fn take(tx: &WriteTx, room: &Room, now: DateTime<Utc>) -> Result<(), AppError> {
    let bytes = signed(room.bytes)?;
    let quota = quota(tx, room.organization).await?;
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
    let mut taking = storage::Entity::update_many()
        .col_expr(
            storage::Column::BytesClaimed,
            Expr::col(storage::Column::BytesClaimed).add(bytes),
        )
        .filter(storage::Column::OrganizationId.eq(room.organization));
    // What takes no more than it replaces fits, also after a downgrade.
    let max = match quota {
        Quota::Limited(max) if bytes > 0 => max,
        _ => {
            taking.exec(&**tx).await?;
            return Ok(());
        }
    };
    taking = taking.filter(has_room(max, bytes)?);
    if taking.exec(&**tx).await?.rows_affected == 1 {
        return Ok(());
    }
    let gauge = storage::Entity::find_by_id(room.organization)
        .one(&**tx)
        .await?;
    let stored = gauge.map_or(0, |gauge| gauge.bytes_stored.unsigned_abs());
    if Level::of(stored, quota).is_some() {
        let record = calls::locked_record(tx, room.organization, now).await?;
        letters::warn(tx, &record, Warned::Storage, Level::All, now).await?;
    }
    Err(AppError::LimitReached {
        limit: Limit::StorageBytes,
        max,
    })
}

/// Whether so many bytes more are no more than all that there may be.
fn has_room(max: u64, bytes: i64) -> Result<Expr, AppError> {
    let in_use =
        Expr::col(storage::Column::BytesStored).add(Expr::col(storage::Column::BytesClaimed));
    Ok(in_use.lte(signed(max)?.saturating_sub(bytes)))
}

/// As the organization is subscribed now; it stays until this is done.
async fn quota(tx: &DatabaseTransaction, organization: OrgId) -> Result<Quota, AppError> {
    let organization = organization::Entity::find_by_id(organization)
        .lock(LockType::KeyShare)
        .one(tx)
        .await?
        .ok_or(AppError::NotFound)?;
    let allowed = Entitlements::of(organization.plan, organization.subscription_status);
    Ok(allowed.quota(Limit::StorageBytes))
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

/// Gives the room of an upload back that came to nothing, and has what is
/// stored of it deleted: both or neither, and nothing if it was kept after all.
/// Twice is harmless.
///
/// # Errors
/// If the database or the storage fails: a worker gives it back later then.
pub async fn give_up(services: &Services, room: &Room) -> Result<(), AppError> {
    let tx = entered(services, room.organization).await?;
    if forget(&tx, room, None).await? {
        return take_back(services, tx, room).await;
    }
    drop(tx);
    // It was kept, or taken for lost, or its organization is gone.
    if is_kept(services, room).await? {
        return Ok(());
    }
    services.store.delete(&room.location).await
}

async fn is_kept(services: &Services, room: &Room) -> Result<bool, AppError> {
    let db = services.db.read(Scope::Tenant(room.organization)).await?;
    let keepers = deployment::Entity::find()
        .filter(deployment::Column::OrganizationId.eq(room.organization))
        .filter(deployment::Column::ArtifactLocation.eq(room.location.clone()))
        .count(&db)
        .await?;
    Ok(keepers > 0)
}

/// The same, of an upload that nobody has gone on with, if that is still so.
///
/// # Errors
/// If the database fails: it is tried again later.
pub async fn give_up_lost(services: &Services, room: &Room) -> Result<(), AppError> {
    let tx = entered(services, room.organization).await?;
    if forget(&tx, room, Some(long_ago(services))).await? {
        take_back(services, tx, room).await?;
    }
    Ok(())
}

async fn take_back(services: &Services, tx: WriteTx, room: &Room) -> Result<(), AppError> {
    change(&tx, room.organization, 0, -signed(room.bytes)?).await?;
    let removal = Removal::of(&room.location);
    outbox::post(&*tx, services.clock.now(), &removal).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}

fn long_ago(services: &Services) -> DateTime<Utc> {
    services.clock.now() - LOST_AFTER
}

/// Makes of the room of an upload so many bytes that are stored, in place of
/// those that they replace.
///
/// # Errors
/// `NotFound` if the upload was taken for lost; `LimitReached` if less is
/// replaced than when it began, and that much more doesn't fit.
pub async fn keep(tx: &OrgTx, room: &Room, bytes: u64, replaced: u64) -> Result<(), AppError> {
    if !forget(tx, room, None).await? {
        return Err(AppError::NotFound);
    }
    let grown = signed(bytes)? - signed(replaced)?;
    let claimed = signed(room.bytes)?;
    let quota = tx.entitlements().quota(Limit::StorageBytes);
    let mut keeping = changing(room.organization, grown, -claimed);
    if let Quota::Limited(max) = quota
        && grown > claimed
    {
        keeping = keeping.filter(has_room(max, grown - claimed)?);
        if keeping.exec(&**tx).await?.rows_affected == 0 {
            return Err(AppError::LimitReached {
                limit: Limit::StorageBytes,
                max,
            });
        }
    } else {
        keeping.exec(&**tx).await?;
    }
    let gauge = tx.find::<storage::Entity>().one(&**tx).await?;
    let stored = gauge.map_or(0, |gauge| gauge.bytes_stored.unsigned_abs());
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
    let rows = artifact_upload::Entity::find()
        .filter(artifact_upload::Column::SeenAt.lte(long_ago(services)))
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

/// Tells whether it was there still, and nobody has gone on with it since then.
async fn forget(
    tx: &DatabaseTransaction,
    room: &Room,
    unseen_since: Option<DateTime<Utc>>,
) -> Result<bool, AppError> {
    let mut forgetting = artifact_upload::Entity::delete_many()
        .filter(artifact_upload::Column::OrganizationId.eq(room.organization))
        .filter(artifact_upload::Column::Id.eq(room.id));
    if let Some(since) = unseen_since {
        forgetting = forgetting.filter(artifact_upload::Column::SeenAt.lte(since));
    }
    Ok(forgetting.exec(tx).await?.rows_affected == 1)
}

async fn change(
    tx: &DatabaseTransaction,
    organization: OrgId,
    stored: i64,
    claimed: i64,
) -> Result<(), AppError> {
    changing(organization, stored, claimed).exec(tx).await?;
    Ok(())
}

fn changing(organization: OrgId, stored: i64, claimed: i64) -> UpdateMany<storage::Entity> {
    use storage::Column::{BytesClaimed, BytesStored, OrganizationId};
    storage::Entity::update_many()
        .col_expr(BytesStored, Expr::col(BytesStored).add(stored))
        .col_expr(BytesClaimed, Expr::col(BytesClaimed).add(claimed))
        .filter(OrganizationId.eq(organization))
}

async fn entered(services: &Services, organization: OrgId) -> Result<WriteTx, AppError> {
    let tx = services.db.write(WHY).await?;
    tx.enter(Scope::Tenant(organization)).await?;
    Ok(tx)
}

fn signed(bytes: u64) -> Result<i64, AppError> {
    i64::try_from(bytes).map_err(|_| AppError::TooLarge)
}
