//! What each page of a project shows, read together.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};

use super::{deployments, environments, get};
use crate::{
    access::{Can, can, server::Grant},
    billing::Limit,
    entity::{deployment, environment, storage},
    error::AppError,
    id::{DeploymentId, EnvironmentId, ProjectId},
    organizations::model::Usage,
    projects::model::{
        DeploymentCard, DeploymentForm, DeploymentPage, DeploymentQuery, DeploymentView,
        EnvironmentRow, PAGE_SIZE, ProjectSettings, ProjectView,
    },
};

/// # Errors
/// `NotFound`.
pub async fn view(
    grant: &Grant<can::ViewProjects>,
    id: ProjectId,
    query: &DeploymentQuery,
) -> Result<ProjectView, AppError> {
    let project = get(grant, id).await?;
    let slice = deployments::page(grant, id, query, PAGE_SIZE).await?;
    let mut latest = latest(grant, id).await?;
    let rows = environments::all(grant, id).await?;
    let rows = rows.into_iter().map(|environment| EnvironmentRow {
        latest: latest.remove(&environment.id),
        environment,
    });
    Ok(ProjectView {
        project,
        environments: rows.collect(),
        deployments: DeploymentPage {
            older: slice.older().map(|row| row.id),
            newer: slice.newer().map(|row| row.id),
            rows: slice.rows,
            now: grant.now(),
        },
        origin: grant.agent().origin(),
    })
}

/// What was deployed last to each environment of a project: one look into the
/// index for each.
const LATEST: &str = "deployment.id IN (SELECT (SELECT newest.id FROM deployment AS newest \
     WHERE newest.organization_id = environment.organization_id \
     AND newest.environment_id = environment.id ORDER BY newest.id DESC LIMIT 1) \
     FROM environment WHERE environment.organization_id = deployment.organization_id \
     AND environment.project_id = deployment.project_id)";

async fn latest(
    grant: &Grant<can::ViewProjects>,
    of: ProjectId,
) -> Result<BTreeMap<EnvironmentId, DeploymentCard>, AppError> {
    let newest = Expr::cust(LATEST);
    let found = grant
        .find::<deployment::Entity>()
        .filter(deployment::Column::ProjectId.eq(of))
        .filter(newest)
        .find_also_related(environment::Entity)
        .all(&grant.read().await?)
        .await?;
    let cards = found.into_iter().map(deployments::card);
    Ok(cards.map(|card| (card.environment_id, card)).collect())
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
        storage: storage_used(grant).await?,
        now: grant.now(),
    })
}

/// Uploads under way included.
async fn storage_used<C: Can>(grant: &Grant<C>) -> Result<Usage, AppError> {
    let gauge = grant
        .find::<storage::Entity>()
        .one(&grant.read().await?)
        .await?;
    let used = gauge.map_or(0, |gauge| {
        gauge.bytes_stored.saturating_add(gauge.bytes_claimed)
    });
    Ok(Usage {
        used: used.unsigned_abs(),
        quota: grant.entitlements().quota(Limit::StorageBytes),
    })
}
