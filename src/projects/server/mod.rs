//! Creating, finding, changing and deleting projects.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::{
    access::{
        Can, can,
        server::{Grant, OrgTx},
    },
    audit::model::{Event, ProjectText},
    entity::project,
    error::{AppError, Problem},
    id::ProjectId,
    projects::model::{ProjectCard, search_key},
    server::fault,
};

mod list;

pub use list::list;

/// # Errors
/// `LimitReached`; `Invalid` if the name is taken.
pub async fn create(
    grant: &Grant<can::CreateProject>,
    new: ProjectText,
) -> Result<ProjectCard, AppError> {
    let tx = grant.begin().await?;
    tx.claim::<project::Entity>().await?;
    let id = ProjectId::generate();
    let card = insert(&tx, id, &new, tx.now()).await?;
    tx.commit(Event::ProjectCreated {
        project: id,
        name: new.name,
    })
    .await?;
    Ok(card)
}

async fn insert(
    tx: &OrgTx,
    id: ProjectId,
    new: &ProjectText,
    now: DateTime<Utc>,
) -> Result<ProjectCard, AppError> {
    project::Entity::insert(project::ActiveModel {
        id: Set(id),
        organization_id: Set(tx.organization().id),
        name: Set(new.name.clone()),
        name_folded: Set(search_key(&new.name)),
        description: Set(new.description.clone()),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(&**tx)
    .await
    .map_err(name_taken)?;
    Ok(ProjectCard {
        id,
        name: new.name.clone(),
        description: new.description.clone(),
        created_at: now,
        updated_at: now,
    })
}

/// # Errors
/// `NotFound`.
pub async fn get<C: Can>(grant: &Grant<C>, id: ProjectId) -> Result<ProjectCard, AppError> {
    grant
        .find::<project::Entity>()
        .filter(project::Column::Id.eq(id))
        .into_partial_model()
        .one(&grant.read().await?)
        .await?
        .ok_or(AppError::NotFound)
}

/// Renames and describes a project.
///
/// # Errors
/// `NotFound`; `Invalid` if the name is taken.
pub async fn update(
    grant: &Grant<can::UpdateProject>,
    id: ProjectId,
    after: ProjectText,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let project = in_tx(&tx, id).await?;
    let before = ProjectText {
        name: project.name,
        description: project.description,
    };
    if before == after {
        return Ok(());
    }
    project::Entity::update(project::ActiveModel {
        id: Set(id),
        name: Set(after.name.clone()),
        name_folded: Set(search_key(&after.name)),
        description: Set(after.description.clone()),
        updated_at: Set(tx.now()),
        ..Default::default()
    })
    .exec(&*tx)
    .await
    .map_err(name_taken)?;
    tx.commit(Event::ProjectUpdated {
        project: id,
        before,
        after,
    })
    .await
}

/// # Errors
/// `NotFound`; `Invalid` unless its name is repeated.
pub async fn delete(
    grant: &Grant<can::DeleteProject>,
    id: ProjectId,
    confirmation: &str,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let project = in_tx(&tx, id).await?;
    if confirmation.trim() != project.name {
        return Err(AppError::invalid("confirmation", Problem::NotTheSame));
    }
    project::Entity::delete_by_id(id).exec(&*tx).await?;
    tx.commit(Event::ProjectDeleted {
        project: id,
        name: project.name,
    })
    .await
}

async fn in_tx(tx: &OrgTx, id: ProjectId) -> Result<project::Model, AppError> {
    tx.find::<project::Entity>()
        .filter(project::Column::Id.eq(id))
        .one(&**tx)
        .await?
        .ok_or(AppError::NotFound)
}

fn name_taken(error: DbErr) -> AppError {
    if fault::is_taken(&error) {
        AppError::invalid("new[name]", Problem::Taken)
    } else {
        error.into()
    }
}
