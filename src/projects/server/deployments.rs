//! Deployments: reported, moved on, and listed.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, Select};

use super::{environments, in_tx, project_exists};
use crate::{
    access::{
        Can, can,
        server::{Grant, OrgTx},
    },
    audit::model::{DeploymentSnapshot, Event, actor_text},
    entity::{deployment, environment},
    error::AppError,
    id::{DeploymentId, ProjectId},
    paging::{Place, Slice},
    projects::model::{
        ArtifactCard, CreatedBy, DeploymentCard, DeploymentChange, DeploymentQuery,
        DeploymentStatus, DeploymentText, search_key,
    },
    server::{database::ReadTx, paging::outwards, search, token},
};

/// A page of a project's, the newest first.
///
/// # Errors
/// `NotFound` if there is no such project.
pub async fn page(
    grant: &Grant<can::ViewProjects>,
    project: ProjectId,
    query: &DeploymentQuery,
    size: u64,
) -> Result<Slice<DeploymentCard>, AppError> {
    let db = grant.read().await?;
    project_exists(grant, &db, project).await?;
    let slice = read(grant, &db, project, query, size).await?;
    if slice.rows.is_empty() && query.place != Place::Newest {
        let newest = DeploymentQuery {
            place: Place::Newest,
            ..query.clone()
        };
        // What was after the last is gone: a program is told so by nothing.
        if grant.agent().key().is_none() {
            return read(grant, &db, project, &newest, size).await;
        }
    }
    Ok(slice)
}

async fn read(
    grant: &Grant<can::ViewProjects>,
    db: &ReadTx,
    project: ProjectId,
    query: &DeploymentQuery,
    size: u64,
) -> Result<Slice<DeploymentCard>, AppError> {
    let found = grant
        .find::<deployment::Entity>()
        .filter(deployment::Column::ProjectId.eq(project));
    let found = matching(found, query);
    let rows = outwards(found, deployment::Column::Id, query.place, size);
    let rows = rows.find_also_related(environment::Entity).all(db).await?;
    let cards = rows.into_iter().map(card).collect();
    Ok(Slice::at(&query.place, cards, size))
}

fn matching(
    found: Select<deployment::Entity>,
    query: &DeploymentQuery,
) -> Select<deployment::Entity> {
    let mut found = found;
    if let Some(environment) = query.environment {
        found = found.filter(deployment::Column::EnvironmentId.eq(environment));
    }
    if let Some(status) = query.status {
        found = found.filter(deployment::Column::Status.eq(status));
    }
    let key = search_key(&query.q);
    if key.is_empty() {
        return found;
    }
    found.filter(search::contains(
        (deployment::Entity, deployment::Column::SearchText),
        &key,
    ))
}

/// # Errors
/// `NotFound`.
pub async fn get<C: Can>(grant: &Grant<C>, id: DeploymentId) -> Result<DeploymentCard, AppError> {
    grant
        .find::<deployment::Entity>()
        .filter(deployment::Column::Id.eq(id))
        .find_also_related(environment::Entity)
        .one(&grant.read().await?)
        .await?
        .map(card)
        .ok_or(AppError::NotFound)
}

/// # Errors
/// `NotFound` if there is no such project; `Invalid` if it has no such
/// environment.
pub async fn create(
    grant: &Grant<can::CreateDeployment>,
    project: ProjectId,
    environment: &str,
    text: DeploymentText,
) -> Result<DeploymentCard, AppError> {
    let tx = grant.begin().await?;
    in_tx(&tx, project).await?;
    let environment = environments::named(&tx, project, environment).await?;
    let (now, creator) = (tx.now(), tx.agent().creator());
    let row = deployment::Model {
        id: DeploymentId::generate(),
        organization_id: tx.organization().id,
        project_id: project,
        environment_id: environment.id,
        status: DeploymentStatus::Queued,
        search_text: text.search_text(),
        commit_sha: text.commit_sha,
        git_ref: text.git_ref,
        message: text.message,
        url: text.url,
        creator_type: creator.kind.to_owned(),
        creator_id: creator.id,
        creator_name: creator.name,
        created_at: now,
        updated_at: now,
        started_at: None,
        finished_at: None,
        artifact_name: None,
        artifact_type: None,
        artifact_bytes: 0,
        artifact_sha256: None,
        artifact_location: None,
    };
    deployment::Entity::insert(deployment::ActiveModel::from(row.clone()))
        .exec_without_returning(&*tx)
        .await?;
    let event = Event::DeploymentCreated {
        deployment: row.id,
        project,
        environment: environment.name.clone(),
        commit: row.commit_sha.clone(),
    };
    let card = card((row, Some(environment)));
    tx.commit_created(event, &card).await?;
    Ok(card)
}

/// # Errors
/// `NotFound`; `Conflict` if there is no such step.
pub async fn move_on(
    grant: &Grant<can::CreateDeployment>,
    id: DeploymentId,
    status: DeploymentStatus,
) -> Result<DeploymentCard, AppError> {
    let change = DeploymentChange {
        status: Some(status),
        ..DeploymentChange::default()
    };
    update(grant, id, change).await
}

/// Moves a deployment on, or says something else about it.
///
/// # Errors
/// `NotFound`; `Conflict` if there is no such step.
pub async fn update(
    grant: &Grant<can::CreateDeployment>,
    id: DeploymentId,
    change: DeploymentChange,
) -> Result<DeploymentCard, AppError> {
    let tx = grant.begin().await?;
    let (before, environment) = find(&tx, id).await?;
    let mut after = before.clone();
    if let Some(next) = change.status {
        after.status = before.status.step_to(next)?;
    }
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    if let Some(message) = change.message {
        after.message = given(message);
    }
    if let Some(url) = change.url {
        after.url = given(url);
    }
    if after == before {
        return Ok(card((before, environment)));
    }
    let now = tx.now();
    after.updated_at = now;
    if after.status == DeploymentStatus::Building {
        after.started_at = after.started_at.or(Some(now));
    }
    if after.status.is_final() {
        after.finished_at = after.finished_at.or(Some(now));
    }
    after.search_text = text_of(&after).search_text();
    store(&tx, &after).await?;
    let event = Event::DeploymentUpdated {
        deployment: id,
        before: snapshot(&before),
        after: snapshot(&after),
    };
    tx.commit(event).await?;
    Ok(card((after, environment)))
}

async fn store(tx: &OrgTx, after: &deployment::Model) -> Result<(), AppError> {
    deployment::Entity::update(deployment::ActiveModel {
        id: Set(after.id),
        status: Set(after.status),
        message: Set(after.message.clone()),
        url: Set(after.url.clone()),
        search_text: Set(after.search_text.clone()),
        updated_at: Set(after.updated_at),
        started_at: Set(after.started_at),
        finished_at: Set(after.finished_at),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

pub(super) async fn find(
    tx: &OrgTx,
    id: DeploymentId,
) -> Result<(deployment::Model, Option<environment::Model>), AppError> {
    tx.find::<deployment::Entity>()
        .filter(deployment::Column::Id.eq(id))
        .find_also_related(environment::Entity)
        .one(&**tx)
        .await?
        .ok_or(AppError::NotFound)
}

fn text_of(row: &deployment::Model) -> DeploymentText {
    DeploymentText {
        commit_sha: row.commit_sha.clone(),
        git_ref: row.git_ref.clone(),
        message: row.message.clone(),
        url: row.url.clone(),
    }
}

fn snapshot(row: &deployment::Model) -> DeploymentSnapshot {
    DeploymentSnapshot {
        status: row.status.name().to_owned(),
        message: row.message.clone(),
        url: row.url.clone(),
    }
}

pub(super) fn card(
    (row, environment): (deployment::Model, Option<environment::Model>),
) -> DeploymentCard {
    DeploymentCard {
        artifact: artifact(&row),
        id: row.id,
        project_id: row.project_id,
        environment_id: row.environment_id,
        environment: environment.map(|found| found.name).unwrap_or_default(),
        status: row.status,
        commit_sha: row.commit_sha,
        git_ref: row.git_ref,
        message: row.message,
        url: row.url,
        created_by: CreatedBy {
            id: actor_text(&row.creator_type, row.creator_id),
            kind: row.creator_type,
            name: row.creator_name,
        },
        created_at: row.created_at,
        updated_at: row.updated_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
    }
}

fn artifact(row: &deployment::Model) -> Option<ArtifactCard> {
    row.artifact_location.as_ref()?;
    Some(ArtifactCard {
        name: row.artifact_name.clone().unwrap_or_default(),
        content_type: row.artifact_type.clone().unwrap_or_default(),
        size: row.artifact_bytes.unsigned_abs(),
        sha256: token::hex(row.artifact_sha256.iter().flatten()),
    })
}
