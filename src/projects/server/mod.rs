//! Creating, finding, changing and deleting projects.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    access::{
        Can, can,
        server::{Grant, OrgTx},
    },
    audit::model::{Event, ProjectText},
    entity::project,
    error::{AppError, Problem},
    id::ProjectId,
    projects::model::{ProjectCard, ProjectChange, search_key},
    server::{database::ReadTx, fault},
};
use artifacts::Below;

pub mod artifacts;
pub mod deployments;
pub mod environments;
mod list;
mod pages;

pub use list::{list, slice};
pub use pages::{deployment_form, deployment_view, settings, view};

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
    environments::insert_first(&tx, id).await?;
    let event = Event::ProjectCreated {
        project: id,
        name: new.name,
    };
    tx.commit_created(event, &card).await?;
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
    change: ProjectChange,
) -> Result<ProjectCard, AppError> {
    let tx = grant.begin().await?;
    let project = in_tx(&tx, id).await?;
    let before = ProjectText {
        name: project.name,
        description: project.description,
    };
    let after = change.of(&before);
    let card = |text: &ProjectText, updated_at| ProjectCard {
        id,
        name: text.name.clone(),
        description: text.description.clone(),
        created_at: project.created_at,
        updated_at,
    };
    if before == after {
        return Ok(card(&before, project.updated_at));
    }
    let card = card(&after, tx.now());
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
    .await?;
    Ok(card)
}

/// Deletes a project with all that belongs to it.
///
/// # Errors
/// `NotFound`; `Invalid` unless its name is repeated, where it is to be.
pub async fn delete(
    grant: &Grant<can::DeleteProject>,
    id: ProjectId,
    confirmation: Option<&str>,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let project = in_tx(&tx, id).await?;
    if confirmation.is_some_and(|name| name.trim() != project.name) {
        return Err(AppError::invalid("confirmation", Problem::NotTheSame));
    }
    artifacts::delete_below(&tx, Below::Project(id)).await?;
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

/// # Errors
/// `NotFound`.
async fn project_exists<C: Can>(
    grant: &Grant<C>,
    db: &ReadTx,
    id: ProjectId,
) -> Result<(), AppError> {
    let found = grant.find::<project::Entity>();
    let found = found.filter(project::Column::Id.eq(id)).count(db).await?;
    if found == 0 {
        return Err(AppError::NotFound);
    }
    Ok(())
}

fn name_taken(error: DbErr) -> AppError {
    if fault::is_taken(&error) {
        AppError::invalid("new[name]", Problem::Taken)
    } else {
        error.into()
    }
}
