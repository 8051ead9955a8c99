//! The server functions of projects: a door and a call.

use leptos::prelude::*;

mod deployments;
mod environments;

pub use deployments::*;
pub use environments::*;

use super::model::{
    DeploymentQuery, NewProject, ProjectCard, ProjectPage, ProjectQuery, ProjectSettings,
    ProjectView,
};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{
    error::AppError,
    id::{OrgSlug, ProjectId},
    ui::command::Found,
};

#[server]
pub async fn create_project(
    org: OrgSlug,
    #[server(default)] new: NewProject,
) -> Result<ProjectCard, AppError> {
    let grant = door::session(&org).await?;
    let project = super::server::create(&grant, new.check()?).await?;
    answer::toast(Toast::ProjectCreated);
    answer::go(&format!("/app/{org}/projects/{}", project.id));
    Ok(project)
}

#[server]
pub async fn update_project(
    org: OrgSlug,
    project: ProjectId,
    #[server(default)] new: NewProject,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::server::update(&grant, project, new.check()?.into()).await?;
    answer::toast(Toast::ProjectSaved);
    Ok(())
}

#[server]
pub async fn delete_project(
    org: OrgSlug,
    project: ProjectId,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::server::delete(&grant, project, Some(&confirmation)).await?;
    answer::toast(Toast::ProjectDeleted);
    answer::go(&format!("/app/{org}/projects"));
    Ok(())
}

#[server]
pub async fn list_projects(
    org: OrgSlug,
    #[server(default)] query: ProjectQuery,
) -> Result<ProjectPage, AppError> {
    super::server::list(&door::session(&org).await?, query).await
}

#[server]
pub async fn get_project(
    org: OrgSlug,
    project: ProjectId,
    #[server(default)] query: DeploymentQuery,
) -> Result<ProjectView, AppError> {
    super::server::view(&door::session(&org).await?, project, &query).await
}

/// A project, for whoever may change it.
#[server]
pub async fn get_project_settings(
    org: OrgSlug,
    project: ProjectId,
) -> Result<ProjectSettings, AppError> {
    super::server::settings(&door::session(&org).await?, project).await
}

/// Whether the person may create projects at all.
#[server]
pub async fn may_create(org: OrgSlug) -> Result<(), AppError> {
    door::session::<can::CreateProject>(&org).await.map(drop)
}

/// The projects that the command palette offers for what was typed.
#[server]
pub async fn find_projects(
    org: OrgSlug,
    #[server(default)] q: String,
) -> Result<Vec<Found>, AppError> {
    let query = ProjectQuery {
        q,
        ..ProjectQuery::default()
    };
    let found = super::server::list(&door::session(&org).await?, query).await?;
    let path = |id| format!("/app/{org}/projects/{id}");
    Ok(found
        .rows
        .into_iter()
        .take(8)
        .map(|row| Found {
            path: path(row.id),
            label: row.name,
        })
        .collect())
}
