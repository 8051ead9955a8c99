//! Deployments, as a job reports them.

use axum::{Json, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{BodyRefusals, Refusals, Refused, Told, created},
    body::{Body, given},
    cursor::Of,
    key::{Id, Key},
    list::{Asked, DeploymentList, Paging},
    once::IdempotencyKey,
};
use crate::{
    access::can,
    id::{DeploymentId, ProjectId},
    projects::{
        model::{
            DeploymentCard, DeploymentChange, DeploymentQuery, DeploymentStatus, NewDeployment,
        },
        server::deployments,
    },
};

/// A deployment that is reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentInput {
    /// The name of an environment of the project, or its id; `production` if
    /// absent.
    #[serde(default)]
    #[schema(max_length = 64, example = "production")]
    environment: Option<String>,
    /// Of what is deployed.
    #[serde(default)]
    #[schema(example = "9fceb02d0ae598e95dc970b74767f19372d61af8", max_length = 64)]
    commit_sha: Option<String>,
    /// A branch or a tag.
    #[serde(default)]
    #[schema(example = "main", max_length = 255)]
    git_ref: Option<String>,
    #[serde(default)]
    #[schema(example = "Faster search", max_length = 1000)]
    message: Option<String>,
    /// Where it will be seen.
    #[serde(default)]
    #[schema(example = "https://shop.example.com", max_length = 2000)]
    url: Option<String>,
}

/// What is to be changed about a deployment; what isn't named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentPatch {
    /// From `queued` to `building` to `ready`; until then it may be `failed` or
    /// `canceled`.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    status: Option<DeploymentStatus>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 1000, value_type = Option<String>)]
    message: Option<Option<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 2000, value_type = Option<String>)]
    url: Option<Option<String>>,
}

/// List the deployments of a project
#[utoipa::path(
    get, path = "/projects/{id}/deployments", operation_id = "listDeployments", tag = "Deployments",
    params(
        ("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q"),
        Paging,
        ("q" = inline(Option<String>), Query, description = "What to look for in branch, commit and message.", max_length = 64),
        ("environment" = inline(Option<String>), Query, description = "The id of an environment.", pattern = "^env_[0-7][0-9a-hjkmnp-tv-z]{25}$"),
        ("status" = inline(Option<DeploymentStatus>), Query, description = "Those that stand there."),
    ),
    responses((status = 200, description = "A page of deployments", body = DeploymentList), Refusals)
)]
pub async fn list_deployments(
    Key(grant): Key<can::ViewProjects>,
    Id(project): Id<ProjectId>,
    asked: Asked,
) -> Told<DeploymentList> {
    let of = Of::new(grant.organization().id, format!("deployments of {project}"));
    let (place, size) = asked.page(&of, DeploymentId)?;
    let status = |name: &str| {
        let mut all = DeploymentStatus::ALL.into_iter();
        all.find(|status| status.name() == name)
    };
    let query = DeploymentQuery {
        q: asked.search()?,
        environment: asked.parsed("environment", |id| id.parse().ok())?,
        status: asked.parsed("status", status)?,
        place,
    };
    let slice = deployments::page(&grant, project, &query, size).await?;
    Ok(Json(DeploymentList::of(
        &of,
        slice,
        |row| row.id.0,
        |row| row,
    )))
}

/// Create a deployment
///
/// It is `queued`, until its status is changed.
#[utoipa::path(
    post, path = "/projects/{id}/deployments", operation_id = "createDeployment", tag = "Deployments",
    params(("id" = String, Path, example = "prj_01h455vb4pex5vsknk084sn02q")),
    request_body = DeploymentInput,
    responses(
        (status = 201, description = "The deployment", body = DeploymentCard,
            headers(("Location" = String, description = "Where it is."))),
        BodyRefusals,
        Refusals
    )
)]
pub async fn create_deployment(
    Key(grant): Key<can::CreateDeployment>,
    Id(project): Id<ProjectId>,
    once: IdempotencyKey,
    body: Body<DeploymentInput>,
) -> Result<Response, Refused> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let new = NewDeployment {
        environment: text(&body.value.environment),
        commit_sha: text(&body.value.commit_sha),
        git_ref: text(&body.value.git_ref),
        message: text(&body.value.message),
        url: text(&body.value.url),
    };
    let run =
        async |grant: &_| deployments::create(grant, project, &new.environment, new.check()?).await;
    Ok(created(once.once(grant, &body, run).await?, "deployments"))
}

/// Show a deployment
#[utoipa::path(
    get, path = "/deployments/{id}", operation_id = "getDeployment", tag = "Deployments",
    params(("id" = String, Path, example = "dpl_01h455vb4pex5vsknk084sn02q")),
    responses((status = 200, description = "The deployment", body = DeploymentCard), Refusals)
)]
pub async fn get_deployment(
    Key(grant): Key<can::ViewProjects>,
    Id(id): Id<DeploymentId>,
) -> Told<DeploymentCard> {
    Ok(Json(deployments::get(&grant, id).await?))
}

/// Change a deployment
///
/// Moves it on, or says something else about it. A step that it can't take is
/// a conflict; to say again where it stands is none.
#[utoipa::path(
    patch, path = "/deployments/{id}", operation_id = "updateDeployment", tag = "Deployments",
    params(("id" = String, Path, example = "dpl_01h455vb4pex5vsknk084sn02q")),
    request_body = DeploymentPatch,
    responses(
        (status = 200, description = "The deployment", body = DeploymentCard),
        BodyRefusals,
        Refusals
    )
)]
pub async fn update_deployment(
    Key(grant): Key<can::CreateDeployment>,
    Id(id): Id<DeploymentId>,
    body: Body<DeploymentPatch>,
) -> Told<DeploymentCard> {
    let change = DeploymentChange {
        status: body.value.status,
        message: body.value.message.map(Option::unwrap_or_default),
        url: body.value.url.map(Option::unwrap_or_default),
    };
    Ok(Json(
        deployments::update(&grant, id, change.check()?).await?,
    ))
}
