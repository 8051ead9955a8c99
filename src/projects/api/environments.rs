//! The server functions of environments.

use leptos::prelude::*;

#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{
    error::AppError,
    id::{EnvironmentId, OrgSlug, ProjectId},
    projects::model::NewEnvironment,
};

#[server]
pub async fn create_environment(
    org: OrgSlug,
    project: ProjectId,
    #[server(default)] new: NewEnvironment,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::super::server::environments::create(&grant, project, new.check()?).await?;
    answer::toast(Toast::EnvironmentCreated);
    Ok(())
}

#[server]
pub async fn rename_environment(
    org: OrgSlug,
    environment: EnvironmentId,
    #[server(default)] new: NewEnvironment,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::super::server::environments::rename(&grant, environment, new.check()?).await?;
    answer::toast(Toast::EnvironmentSaved);
    Ok(())
}

#[server]
pub async fn delete_environment(
    org: OrgSlug,
    environment: EnvironmentId,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::super::server::environments::delete(&grant, environment, Some(&confirmation)).await?;
    answer::toast(Toast::EnvironmentDeleted);
    Ok(())
}
