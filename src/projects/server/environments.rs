//! The environments of a project.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::{
    artifacts::{self, Below},
    in_tx, project_exists,
};
use crate::{
    access::{
        Can, can,
        server::{Grant, OrgTx},
    },
    audit::model::Event,
    billing::Limit,
    entity::environment,
    error::{AppError, Problem},
    id::{EnvironmentId, ProjectId},
    paging::{Place, Slice},
    projects::model::{EnvironmentCard, PRODUCTION},
    server::{fault, paging::outwards},
};

/// All of a project, the oldest first.
///
/// # Errors
/// If the database fails.
pub async fn all<C: Can>(
    grant: &Grant<C>,
    project: ProjectId,
) -> Result<Vec<EnvironmentCard>, AppError> {
    Ok(grant
        .find::<environment::Entity>()
        .filter(environment::Column::ProjectId.eq(project))
        .order_by_asc(environment::Column::CreatedAt)
        .order_by_asc(environment::Column::Id)
        .into_partial_model()
        .all(&grant.read().await?)
        .await?)
}

/// A page of them, the newest first.
///
/// # Errors
/// `NotFound` if there is no such project.
pub async fn page(
    grant: &Grant<can::ViewProjects>,
    project: ProjectId,
    place: Place<EnvironmentId>,
    size: u64,
) -> Result<Slice<EnvironmentCard>, AppError> {
    let db = grant.read().await?;
    project_exists(grant, &db, project).await?;
    let found = grant
        .find::<environment::Entity>()
        .filter(environment::Column::ProjectId.eq(project));
    let rows = outwards(found, environment::Column::Id, place, size);
    let rows = rows.into_partial_model().all(&db).await?;
    Ok(Slice::at(&place, rows, size))
}

/// # Errors
/// `NotFound`.
pub async fn get<C: Can>(grant: &Grant<C>, id: EnvironmentId) -> Result<EnvironmentCard, AppError> {
    grant
        .find::<environment::Entity>()
        .filter(environment::Column::Id.eq(id))
        .into_partial_model()
        .one(&grant.read().await?)
        .await?
        .ok_or(AppError::NotFound)
}

/// # Errors
/// `NotFound` if there is no such project; `LimitReached`; `Invalid` if the
/// name is taken.
pub async fn create(
    grant: &Grant<can::ManageEnvironments>,
    project: ProjectId,
    name: String,
) -> Result<EnvironmentCard, AppError> {
    let tx = grant.begin().await?;
    in_tx(&tx, project).await?;
    let used = tx
        .find::<environment::Entity>()
        .filter(environment::Column::ProjectId.eq(project))
        .count(&*tx)
        .await?;
    tx.claim_beside(Limit::EnvironmentsPerProject, used)?;
    let card = insert(&tx, EnvironmentId::generate(), project, name.clone()).await?;
    let event = Event::EnvironmentCreated {
        environment: card.id,
        project,
        name,
    };
    tx.commit_created(event, &card).await?;
    Ok(card)
}

/// What every project begins with.
pub(super) async fn insert_first(tx: &OrgTx, project: ProjectId) -> Result<(), AppError> {
    let id = EnvironmentId::generate();
    insert(tx, id, project, PRODUCTION.to_owned())
        .await
        .map(drop)
}

async fn insert(
    tx: &OrgTx,
    id: EnvironmentId,
    project: ProjectId,
    name: String,
) -> Result<EnvironmentCard, AppError> {
    let now = tx.now();
    environment::Entity::insert(environment::ActiveModel {
        id: Set(id),
        organization_id: Set(tx.organization().id),
        project_id: Set(project),
        name: Set(name.clone()),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(&**tx)
    .await
    .map_err(name_taken)?;
    Ok(EnvironmentCard {
        id,
        project_id: project,
        name,
        created_at: now,
        updated_at: now,
    })
}

/// # Errors
/// `NotFound`; `Invalid` if the name is taken.
pub async fn rename(
    grant: &Grant<can::ManageEnvironments>,
    id: EnvironmentId,
    name: String,
) -> Result<EnvironmentCard, AppError> {
    let tx = grant.begin().await?;
    let before = find(&tx, id).await?;
    let after = EnvironmentCard {
        id,
        project_id: before.project_id,
        name: name.clone(),
        created_at: before.created_at,
        updated_at: tx.now(),
    };
    if before.name == name {
        let updated_at = before.updated_at;
        return Ok(EnvironmentCard {
            updated_at,
            ..after
        });
    }
    environment::Entity::update(environment::ActiveModel {
        id: Set(id),
        name: Set(name.clone()),
        updated_at: Set(tx.now()),
        ..Default::default()
    })
    .exec(&*tx)
    .await
    .map_err(name_taken)?;
    tx.commit(Event::EnvironmentRenamed {
        environment: id,
        before: before.name,
        after: name,
    })
    .await?;
    Ok(after)
}

/// Deletes an environment with all that was deployed to it.
///
/// # Errors
/// `NotFound`; `Invalid` unless its name is repeated, where it is to be.
pub async fn delete(
    grant: &Grant<can::ManageEnvironments>,
    id: EnvironmentId,
    confirmation: Option<&str>,
) -> Result<ProjectId, AppError> {
    let tx = grant.begin().await?;
    let environment = find(&tx, id).await?;
    if confirmation.is_some_and(|name| name.trim() != environment.name) {
        return Err(AppError::invalid("confirmation", Problem::NotTheSame));
    }
    let project = environment.project_id;
    artifacts::delete_below(&tx, Below::Environment(project, id)).await?;
    environment::Entity::delete_by_id(id).exec(&*tx).await?;
    tx.commit(Event::EnvironmentDeleted {
        environment: id,
        project,
        name: environment.name,
    })
    .await?;
    Ok(project)
}

async fn find(tx: &OrgTx, id: EnvironmentId) -> Result<environment::Model, AppError> {
    tx.find::<environment::Entity>()
        .filter(environment::Column::Id.eq(id))
        .one(&**tx)
        .await?
        .ok_or(AppError::NotFound)
}

/// By its id, or by its name within the project.
pub(super) async fn named(
    tx: &OrgTx,
    project: ProjectId,
    name: &str,
) -> Result<environment::Model, AppError> {
    let name = Some(name.trim()).filter(|name| !name.is_empty());
    let name = name.unwrap_or(PRODUCTION);
    let by = match name.parse::<EnvironmentId>() {
        Ok(id) => environment::Column::Id.eq(id),
        Err(_) => environment::Column::Name.eq(name),
    };
    tx.find::<environment::Entity>()
        .filter(environment::Column::ProjectId.eq(project))
        .filter(by)
        .one(&**tx)
        .await?
        .ok_or_else(|| AppError::invalid("new[environment]", Problem::NoSuchEnvironment))
}

fn name_taken(error: DbErr) -> AppError {
    if fault::is_taken(&error) {
        AppError::invalid("new[name]", Problem::Taken)
    } else {
        error.into()
    }
}
