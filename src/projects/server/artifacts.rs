//! The file of a deployment. It goes to the store as it comes and is counted
//! before it is kept; what breaks off on the way leaves nothing.

use std::{ops::Range, time::Duration};

use futures_util::StreamExt;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr,
};
use tokio::time::Instant;
use tracing::Instrument;

use super::deployments::{self, card};
use crate::{
    access::{
        Can, can,
        server::{Grant, OrgTx},
    },
    audit::model::{ArtifactSnapshot, Event},
    entity::deployment,
    error::AppError,
    id::{DeploymentId, EnvironmentId, OrgId, ProjectId},
    projects::model::{ARTIFACT_MAX, DeploymentCard},
    server::{
        outbox,
        pace::{WHILE_OTHERS_WAIT, kept_up},
        range::Wanted,
        services::Services,
        store::{Bits, Removal, Written},
        token,
    },
    usage::server::storage::{self, Room},
};

/// How often it is noted that an upload goes on: well before it is taken for
/// lost.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// A file as it comes.
pub struct Upload {
    pub name: String,
    pub content_type: String,
    /// How many bytes there will be at most.
    pub announced: u64,
    pub body: Bits,
}

/// A file as it goes.
pub struct Download {
    pub name: String,
    pub content_type: String,
    pub bytes: u64,
    pub sha256: Vec<u8>,
    /// What of it is sent, if that isn't all.
    pub part: Option<Range<u64>>,
    pub body: Bits,
}

impl Download {
    /// By which this version of it is known.
    #[must_use]
    pub fn etag(sha256: &[u8]) -> String {
        format!("\"{}\"", token::hex(sha256))
    }
}

/// Stores the file of a deployment, in place of the one that it may have. Goes
/// on by itself once it has begun, so that it ends in order whoever hangs up.
///
/// # Errors
/// `NotFound`; `LimitReached`; `TooLarge` for more bytes than were announced;
/// `CutOff`; `TooSlow`; `Busy`; `StorageUnavailable`. Nothing is
/// kept then.
pub async fn store(
    grant: Grant<can::CreateDeployment>,
    id: DeploymentId,
    upload: Upload,
) -> Result<DeploymentCard, AppError> {
    let taking = async move { take(&grant, id, upload).await };
    tokio::spawn(taking.in_current_span())
        .await
        .map_err(|error| AppError::internal(&error))?
}

async fn take(
    grant: &Grant<can::CreateDeployment>,
    id: DeploymentId,
    upload: Upload,
) -> Result<DeploymentCard, AppError> {
    if upload.announced > ARTIFACT_MAX {
        return Err(AppError::TooLarge);
    }
    let services = grant.agent().services().clone();
    let row = row(grant, id).await?;
    let place = services.places.take(row.organization_id).await?;
    let upload = Upload {
        body: kept_up(WHILE_OTHERS_WAIT, upload.body, place.is_wanted()),
        ..upload
    };
    let location = |upload| format!("{}/{id}/{upload}", folder_of(&row));
    // What it replaces makes room for it.
    let replaced = row.artifact_bytes.unsigned_abs();
    let room = storage::claim(grant, location, upload.announced, replaced).await?;
    let kept = write_and_keep(grant, &services, id, &room, upload).await;
    if kept.is_err() {
        take_back(&services, &room).await;
    }
    match kept {
        // What is deleted meanwhile takes what was written with it.
        Err(AppError::StorageUnavailable) => {
            self::row(grant, id).await?;
            Err(AppError::StorageUnavailable)
        }
        kept => kept,
    }
}

async fn write_and_keep(
    grant: &Grant<can::CreateDeployment>,
    services: &Services,
    id: DeploymentId,
    room: &Room,
    upload: Upload,
) -> Result<DeploymentCard, AppError> {
    let Upload {
        name,
        content_type,
        announced,
        body,
    } = upload;
    let body = noted(services.clone(), room.clone(), body);
    let written = services
        .store
        .write(&room.location, announced, body)
        .await?;
    keep(grant, id, room, name, content_type, written).await
}

/// What couldn't be taken back now is found by a worker later.
async fn take_back(services: &Services, room: &Room) {
    if storage::give_up(services, room).await.is_err() {
        tracing::warn!(location = room.location, "an upload is taken back later");
    }
}

/// The body, with a sign of life now and then.
fn noted(services: Services, room: Room, body: Bits) -> Bits {
    let state = (services, room, body, Instant::now());
    Box::pin(futures_util::stream::unfold(Some(state), async |state| {
        let (services, room, mut body, mut noted) = state?;
        if noted.elapsed() > NOTED_EVERY {
            match storage::go_on(&services, &room).await {
                Ok(()) => noted = Instant::now(),
                Err(AppError::NotFound) => return Some((Err(AppError::NotFound), None)),
                // There is time to say so with the next bytes.
                Err(_) => {}
            }
        }
        match body.next().await? {
            Ok(chunk) => Some((Ok(chunk), Some((services, room, body, noted)))),
            Err(why) => Some((Err(why), None)),
        }
    }))
}

async fn keep(
    grant: &Grant<can::CreateDeployment>,
    id: DeploymentId,
    room: &Room,
    name: String,
    content_type: String,
    written: Written,
) -> Result<DeploymentCard, AppError> {
    let tx = grant.begin().await?;
    let (before, environment) = deployments::find(&tx, id).await?;
    storage::keep(
        &tx,
        room,
        written.bytes,
        before.artifact_bytes.unsigned_abs(),
    )
    .await?;
    if let Some(replaced) = &before.artifact_location {
        outbox::post(&*tx, tx.now(), &Removal::of(replaced)).await?;
    }
    let replaced = snapshot(&before);
    let mut after = before;
    after.artifact_name = Some(name.clone());
    after.artifact_type = Some(content_type);
    after.artifact_bytes = written.bytes.cast_signed();
    after.artifact_sha256 = Some(written.sha256);
    after.artifact_location = Some(room.location.clone());
    after.updated_at = tx.now();
    note(&tx, &after).await?;
    tx.commit(Event::ArtifactStored {
        deployment: id,
        artifact: ArtifactSnapshot {
            name,
            bytes: written.bytes,
        },
        replaced,
    })
    .await?;
    Ok(card((after, environment)))
}

fn snapshot(row: &deployment::Model) -> Option<ArtifactSnapshot> {
    row.artifact_location.as_ref()?;
    Some(ArtifactSnapshot {
        name: row.artifact_name.clone().unwrap_or_default(),
        bytes: row.artifact_bytes.unsigned_abs(),
    })
}

/// # Errors
/// `NotFound` if the deployment has none; `StorageUnavailable`.
pub async fn read(
    grant: &Grant<can::ViewProjects>,
    id: DeploymentId,
    wanted: &Wanted,
) -> Result<Download, AppError> {
    // What is replaced or deleted between the two looks is looked for anew.
    for _ in 0..2 {
        let row = row(grant, id).await?;
        if let Some(found) = look(grant, row, wanted).await? {
            return Ok(found);
        }
    }
    tracing::error!(deployment = %id, "an artifact isn't where it should be");
    Err(AppError::StorageUnavailable)
}

/// What the row says is in the store, if it is.
async fn look(
    grant: &Grant<can::ViewProjects>,
    row: deployment::Model,
    wanted: &Wanted,
) -> Result<Option<Download>, AppError> {
    let location = row.artifact_location.ok_or(AppError::NotFound)?;
    let bytes = row.artifact_bytes.unsigned_abs();
    let sha256 = row.artifact_sha256.unwrap_or_default();
    let part = wanted.part(bytes, &Download::etag(&sha256));
    let store = &grant.agent().services().store;
    let body = match store.read(&location, part.clone()).await {
        Err(AppError::NotFound) => return Ok(None),
        found => found?,
    };
    Ok(Some(Download {
        name: row.artifact_name.unwrap_or_default(),
        content_type: row.artifact_type.unwrap_or_default(),
        bytes,
        sha256,
        part,
        body,
    }))
}

async fn row<C: Can>(grant: &Grant<C>, id: DeploymentId) -> Result<deployment::Model, AppError> {
    grant
        .find::<deployment::Entity>()
        .filter(deployment::Column::Id.eq(id))
        .one(&grant.read().await?)
        .await?
        .ok_or(AppError::NotFound)
}

/// # Errors
/// `NotFound` if the deployment has none.
pub async fn delete(
    grant: &Grant<can::CreateDeployment>,
    id: DeploymentId,
) -> Result<DeploymentCard, AppError> {
    let tx = grant.begin().await?;
    let (before, environment) = deployments::find(&tx, id).await?;
    let location = before.artifact_location.clone().ok_or(AppError::NotFound)?;
    let artifact = snapshot(&before).ok_or(AppError::NotFound)?;
    storage::free(&tx, artifact.bytes).await?;
    outbox::post(&*tx, tx.now(), &Removal::of(&location)).await?;
    let mut after = before;
    after.artifact_name = None;
    after.artifact_type = None;
    after.artifact_bytes = 0;
    after.artifact_sha256 = None;
    after.artifact_location = None;
    after.updated_at = tx.now();
    note(&tx, &after).await?;
    tx.commit(Event::ArtifactDeleted {
        deployment: id,
        artifact,
    })
    .await?;
    Ok(card((after, environment)))
}

async fn note(tx: &OrgTx, after: &deployment::Model) -> Result<(), AppError> {
    deployment::Entity::update(deployment::ActiveModel {
        id: Set(after.id),
        artifact_name: Set(after.artifact_name.clone()),
        artifact_type: Set(after.artifact_type.clone()),
        artifact_bytes: Set(after.artifact_bytes),
        artifact_sha256: Set(after.artifact_sha256.clone()),
        artifact_location: Set(after.artifact_location.clone()),
        updated_at: Set(after.updated_at),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

/// What is about to be deleted with all that belongs to it.
#[derive(Clone, Copy, Debug)]
pub enum Below {
    Project(ProjectId),
    Environment(ProjectId, EnvironmentId),
}

/// Has all artifacts deleted of what is about to be, and gives their bytes
/// back.
///
/// # Errors
/// If the database fails.
pub(super) async fn delete_below(tx: &OrgTx, below: Below) -> Result<(), AppError> {
    let organization = tx.organization().id;
    let (of, place) = match below {
        Below::Project(project) => (
            deployment::Column::ProjectId.eq(project),
            format!("{organization}/{project}"),
        ),
        Below::Environment(project, environment) => (
            deployment::Column::EnvironmentId.eq(environment),
            format!("{organization}/{project}/{environment}"),
        ),
    };
    let bytes: Option<Option<i64>> = tx
        .find::<deployment::Entity>()
        .filter(of)
        .filter(deployment::Column::ArtifactLocation.is_not_null())
        .select_only()
        .expr_as(Expr::cust("CAST(sum(artifact_bytes) AS BIGINT)"), "bytes")
        .into_tuple()
        .one(&**tx)
        .await?;
    let Some(bytes) = bytes.flatten() else {
        return Ok(());
    };
    storage::free(tx, bytes.unsigned_abs()).await?;
    outbox::post(&**tx, tx.now(), &Removal::below(place)).await
}

fn folder_of(row: &deployment::Model) -> String {
    let organization: OrgId = row.organization_id;
    format!("{organization}/{}/{}", row.project_id, row.environment_id)
}
