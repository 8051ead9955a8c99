//! Environments of projects.

use axum::{Json, response::Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{BodyRefusals, Refusals, Refused, Told, created},
    body::Body,
    cursor::Of,
    key::{Id, Key},
    list::{Asked, EnvironmentList, Paging},
    once::IdempotencyKey,
};
use crate::{
    access::can,
    id::{EnvironmentId, ProjectId},
    projects::{
        model::{EnvironmentCard, NewEnvironment},
        server::environments,
    },
};

/// An environment that is to be made, or renamed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentInput {
    /// Unique within the project.
    #[schema(min_length = 1, max_length = 64, example = "preview")]
    name: String,
}

impl EnvironmentInput {
    fn check(&self) -> Result<String, crate::error::AppError> {
        let name = self.name.clone();
        NewEnvironment { name }.check()
    }
}

/// List the environments of a project
#[utoipa::path(
    get, path = "/projects/{id}/environments", operation_id = "listEnvironments", tag = "Environments",
    params(("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q"), Paging),
    responses((status = 200, description = "A page of environments", body = EnvironmentList), Refusals)
)]
pub async fn list_environments(
    Key(grant): Key<can::ViewProjects>,
    Id(project): Id<ProjectId>,
    asked: Asked,
) -> Told<EnvironmentList> {
    let of = Of::new(
        grant.organization().id,
        format!("environments of {project}"),
    );
    let (place, size) = asked.page(&of, EnvironmentId)?;
    let slice = environments::page(&grant, project, place, size).await?;
    Ok(Json(EnvironmentList::of(
        &of,
        slice,
        |row| row.id.0,
        |row| row,
    )))
}

/// Create an environment
#[utoipa::path(
    post, path = "/projects/{id}/environments", operation_id = "createEnvironment", tag = "Environments",
    params(("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q")),
    request_body = EnvironmentInput,
    responses(
        (status = 201, description = "The environment", body = EnvironmentCard,
            headers(("Location" = String, description = "Where it is."))),
        BodyRefusals,
        Refusals
    )
)]
pub async fn create_environment(
    Key(grant): Key<can::ManageEnvironments>,
    Id(project): Id<ProjectId>,
    once: IdempotencyKey,
    body: Body<EnvironmentInput>,
) -> Result<Response, Refused> {
    let input = &body.value;
    let run = async |grant: &_| environments::create(grant, project, input.check()?).await;
    Ok(created(once.once(grant, &body, run).await?, "environments"))
}

/// Show an environment
#[utoipa::path(
    get, path = "/environments/{id}", operation_id = "getEnvironment", tag = "Environments",
    params(("id" = String, Path, example = "env_01h455vb4pex5vsknk084sn02q")),
    responses((status = 200, description = "The environment", body = EnvironmentCard), Refusals)
)]
pub async fn get_environment(
    Key(grant): Key<can::ViewProjects>,
    Id(id): Id<EnvironmentId>,
) -> Told<EnvironmentCard> {
    Ok(Json(environments::get(&grant, id).await?))
}

/// Rename an environment
#[utoipa::path(
    patch, path = "/environments/{id}", operation_id = "updateEnvironment", tag = "Environments",
    params(("id" = String, Path, example = "env_01h455vb4pex5vsknk084sn02q")),
    request_body = EnvironmentInput,
    responses(
        (status = 200, description = "The environment", body = EnvironmentCard),
        BodyRefusals,
        Refusals
    )
)]
pub async fn update_environment(
    Key(grant): Key<can::ManageEnvironments>,
    Id(id): Id<EnvironmentId>,
    body: Body<EnvironmentInput>,
) -> Told<EnvironmentCard> {
    let name = body.value.check()?;
    Ok(Json(environments::rename(&grant, id, name).await?))
}

/// Delete an environment
///
/// With all that was deployed to it, artifacts included.
#[utoipa::path(
    delete, path = "/environments/{id}", operation_id = "deleteEnvironment", tag = "Environments",
    params(("id" = String, Path, example = "env_01h455vb4pex5vsknk084sn02q")),
    responses((status = 204, description = "It is gone."), Refusals)
)]
pub async fn delete_environment(
    Key(grant): Key<can::ManageEnvironments>,
    Id(id): Id<EnvironmentId>,
) -> Result<StatusCode, Refused> {
    environments::delete(&grant, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
