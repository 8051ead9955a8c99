//! Projects.

use axum::{Json, response::Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{BodyRefusals, Refusals, Refused, Told, created},
    body::{Body, given},
    cursor::Of,
    key::{Id, Key},
    list::{Asked, Paging, ProjectList},
    once::IdempotencyKey,
};
use crate::{
    access::can,
    id::ProjectId,
    projects::{
        model::{NewProject, ProjectCard, ProjectChange},
        server,
    },
};

/// A project that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectInput {
    /// Unique within the organization.
    #[schema(min_length = 1, max_length = 64, example = "Storefront")]
    name: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    description: String,
}

/// What is to be changed about a project; what isn't named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 64, nullable = false, example = "Shop")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 500, nullable = false)]
    description: Option<String>,
}

/// List projects
#[utoipa::path(
    get, path = "/projects", operation_id = "listProjects", tag = "Projects",
    params(Paging, ("q" = inline(Option<String>), Query, description = "What to look for in the names.", max_length = 64)),
    responses((status = 200, description = "A page of projects", body = ProjectList), Refusals)
)]
pub async fn list_projects(Key(grant): Key<can::ViewProjects>, asked: Asked) -> Told<ProjectList> {
    let of = Of::new(grant.organization().id, "projects");
    let (place, size) = asked.page(&of, ProjectId)?;
    let q = asked.search()?;
    let slice = server::slice(&grant, &q, place, size).await?;
    Ok(Json(ProjectList::of(&of, slice, |row| row.id.0, |row| row)))
}

/// Create a project
///
/// It begins with an environment called `production`.
#[utoipa::path(
    post, path = "/projects", operation_id = "createProject", tag = "Projects",
    request_body = ProjectInput,
    responses(
        (status = 201, description = "The project", body = ProjectCard,
            headers(("Location" = String, description = "Where it is."))),
        BodyRefusals,
        Refusals
    )
)]
pub async fn create_project(
    Key(grant): Key<can::CreateProject>,
    once: IdempotencyKey,
    body: Body<ProjectInput>,
) -> Result<Response, Refused> {
    let new = NewProject {
        name: body.value.name.clone(),
        description: body.value.description.clone(),
    };
    let run = async |grant: &_| server::create(grant, new.check()?).await;
    Ok(created(once.once(grant, &body, run).await?, "projects"))
}

/// Show a project
#[utoipa::path(
    get, path = "/projects/{id}", operation_id = "getProject", tag = "Projects",
    params(("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q")),
    responses((status = 200, description = "The project", body = ProjectCard), Refusals)
)]
pub async fn get_project(
    Key(grant): Key<can::ViewProjects>,
    Id(id): Id<ProjectId>,
) -> Told<ProjectCard> {
    Ok(Json(server::get(&grant, id).await?))
}

/// Change a project
#[utoipa::path(
    patch, path = "/projects/{id}", operation_id = "updateProject", tag = "Projects",
    params(("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q")),
    request_body = ProjectPatch,
    responses(
        (status = 200, description = "The project", body = ProjectCard),
        BodyRefusals,
        Refusals
    )
)]
pub async fn update_project(
    Key(grant): Key<can::UpdateProject>,
    Id(id): Id<ProjectId>,
    body: Body<ProjectPatch>,
) -> Told<ProjectCard> {
    let change = ProjectChange {
        name: body.value.name,
        description: body.value.description,
    };
    Ok(Json(server::update(&grant, id, change.check()?).await?))
}

/// Delete a project
///
/// With its environments, deployments and artifacts. It takes a key of an
/// owner.
#[utoipa::path(
    delete, path = "/projects/{id}", operation_id = "deleteProject", tag = "Projects",
    params(("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q")),
    responses((status = 204, description = "It is gone."), Refusals)
)]
pub async fn delete_project(
    Key(grant): Key<can::DeleteProject>,
    Id(id): Id<ProjectId>,
) -> Result<StatusCode, Refused> {
    server::delete(&grant, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
