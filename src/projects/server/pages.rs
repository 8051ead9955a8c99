//! What each page of a project shows, read together.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{deployments, environments, get};
use crate::{
    access::{Can, can, server::Grant},
    billing::{Limit, Quota},
    entity::{deployment, environment, storage},
    error::AppError,
    id::{DeploymentId, ProjectId},
    organizations::model::Usage,
    projects::model::{
        DeploymentForm, DeploymentPage, DeploymentQuery, DeploymentView, EnvironmentCard,
        EnvironmentRow, PAGE_SIZE, ProjectSettings, ProjectView,
    },
};

/// How many environments are shown with what was deployed last.
const SHOWN: usize = 12;

/// # Errors
/// `NotFound`.
pub async fn view(
    grant: &Grant<can::ViewProjects>,
    id: ProjectId,
    query: &DeploymentQuery,
) -> Result<ProjectView, AppError> {
    let project = get(grant, id).await?;
    let slice = deployments::page(grant, id, query, PAGE_SIZE).await?;
    let mut rows = Vec::new();
    for environment in environments::all(grant, id).await?.into_iter().take(SHOWN) {
        let latest = latest(grant, &environment).await?;
        rows.push(EnvironmentRow {
            environment,
            latest,
        });
    }
    Ok(ProjectView {
        project,
        environments: rows,
        deployments: DeploymentPage {
            older: slice.older().map(|row| row.id),
            newer: slice.newer().map(|row| row.id),
            rows: slice.rows,
            now: grant.now(),
        },
        origin: grant
            .agent()
            .services()
            .config
            .app_url()
            .origin()
            .to_owned(),
    })
}

async fn latest(
    grant: &Grant<can::ViewProjects>,
    of: &EnvironmentCard,
) -> Result<Option<crate::projects::model::DeploymentCard>, AppError> {
    let found = grant
        .find::<deployment::Entity>()
        .filter(deployment::Column::EnvironmentId.eq(of.id))
        .order_by_desc(deployment::Column::Id)
        .find_also_related(environment::Entity)
        .one(&grant.read().await?)
        .await?;
    Ok(found.map(deployments::card))
}

/// # Errors
/// `NotFound`.
pub async fn settings(
    grant: &Grant<can::UpdateProject>,
    id: ProjectId,
) -> Result<ProjectSettings, AppError> {
    let environments = environments::all(grant, id).await?;
    Ok(ProjectSettings {
        project: get(grant, id).await?,
        usage: Usage {
            used: environments.len() as u64,
            quota: grant.entitlements().quota(Limit::EnvironmentsPerProject),
        },
        environments,
    })
}

/// # Errors
/// `NotFound`.
pub async fn deployment_form(
    grant: &Grant<can::CreateDeployment>,
    id: ProjectId,
) -> Result<DeploymentForm, AppError> {
    Ok(DeploymentForm {
        project: get(grant, id).await?,
        environments: environments::all(grant, id).await?,
    })
}

/// # Errors
/// `NotFound`, also for a deployment of another project.
pub async fn deployment_view(
    grant: &Grant<can::ViewProjects>,
    project: ProjectId,
    id: DeploymentId,
) -> Result<DeploymentView, AppError> {
    let deployment = deployments::get(grant, id).await?;
    if deployment.project_id != project {
        return Err(AppError::NotFound);
    }
    Ok(DeploymentView {
        project: get(grant, project).await?,
        deployment,
        room: room(grant).await?,
        now: grant.now(),
    })
}

async fn room<C: Can>(grant: &Grant<C>) -> Result<Quota, AppError> {
    let gauge = grant
        .find::<storage::Entity>()
        .one(&grant.read().await?)
        .await?;
    let used = gauge.map_or(0, |gauge| {
        (gauge.bytes_stored + gauge.bytes_claimed).unsigned_abs()
    });
    Ok(match grant.entitlements().quota(Limit::StorageBytes) {
        Quota::Limited(max) => Quota::Limited(max.saturating_sub(used)),
        Quota::Unlimited => Quota::Unlimited,
    })
}
