//! The server functions of deployments.

use leptos::prelude::*;

#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{
    error::AppError,
    id::{DeploymentId, OrgSlug, ProjectId},
    projects::model::{DeploymentForm, DeploymentStatus, DeploymentView, NewDeployment},
};

/// What can be deployed to, for whoever may.
#[server]
pub async fn get_deployment_form(
    org: OrgSlug,
    project: ProjectId,
) -> Result<DeploymentForm, AppError> {
    super::super::server::deployment_form(&door::session(&org).await?, project).await
}

#[server]
pub async fn create_deployment(
    org: OrgSlug,
    project: ProjectId,
    #[server(default)] new: NewDeployment,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    let text = new.check()?;
    let made =
        super::super::server::deployments::create(&grant, project, &new.environment, text).await?;
    answer::toast(Toast::DeploymentCreated);
    answer::go(&format!(
        "/app/{org}/projects/{project}/deployments/{}",
        made.id
    ));
    Ok(())
}

#[server]
pub async fn get_deployment(
    org: OrgSlug,
    project: ProjectId,
    deployment: DeploymentId,
) -> Result<DeploymentView, AppError> {
    super::super::server::deployment_view(&door::session(&org).await?, project, deployment).await
}

/// Moves a deployment on.
#[server]
pub async fn move_deployment(
    org: OrgSlug,
    deployment: DeploymentId,
    status: DeploymentStatus,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::super::server::deployments::move_on(&grant, deployment, status).await?;
    answer::toast(Toast::DeploymentMoved);
    Ok(())
}

#[server]
pub async fn delete_artifact(org: OrgSlug, deployment: DeploymentId) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::super::server::artifacts::delete(&grant, deployment).await?;
    answer::toast(Toast::ArtifactDeleted);
    Ok(())
}
