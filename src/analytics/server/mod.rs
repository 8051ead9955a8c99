//! Figures, from roll-ups; and the stream that keeps them right.

use sea_orm::PaginatorTrait;

use super::model::{Checklist, History, Overview, Range};
use crate::{
    access::{can, server::Grant},
    billing::Limit,
    entity::{api_key, deployment, organization_member},
    error::AppError,
    server::database::ReadTx,
};

mod feed;
mod now;
mod past;
pub mod stream;
mod topics;

/// What the overview shows of that range, or of the longest that the plan keeps.
///
/// # Errors
/// If the database fails.
pub async fn overview(
    grant: &Grant<can::ViewProjects>,
    range: Range,
) -> Result<Overview, AppError> {
    let (db, now) = (grant.read().await?, grant.now());
    let kept = grant.entitlements().quota(Limit::AnalyticsDays);
    let live = now::live(grant, &db, now).await?;
    let checklist = checklist(grant, &db, live.projects > 0).await?;
    Ok(Overview {
        history: past::history(grant, &db, shown(grant, range), now).await?,
        live,
        ranges: Range::ALL
            .into_iter()
            .filter(|range| range.is_kept(kept))
            .collect(),
        checklist,
    })
}

/// What went on over that range, for a page that has been open for a while.
///
/// # Errors
/// If the database fails.
pub async fn history(grant: &Grant<can::ViewProjects>, range: Range) -> Result<History, AppError> {
    let db = grant.read().await?;
    past::history(grant, &db, shown(grant, range), grant.now()).await
}

/// A range that the plan can show.
fn shown(grant: &Grant<can::ViewProjects>, range: Range) -> past::Asked {
    let kept = grant.entitlements().quota(Limit::AnalyticsDays);
    let range = if range.is_kept(kept) {
        range
    } else {
        Range::default()
    };
    past::Asked {
        range,
        is_compared: range.is_compared(kept),
    }
}

async fn checklist(
    grant: &Grant<can::ViewProjects>,
    db: &ReadTx,
    has_project: bool,
) -> Result<Option<Checklist>, AppError> {
    let organization = grant.organization();
    if organization.checklist_dismissed_at.is_some() {
        return Ok(None);
    }
    let members = grant.find::<organization_member::Entity>();
    Ok(Some(Checklist {
        has_image: organization.image.is_some(),
        has_teammate: members.count(db).await? > 1,
        has_project,
        has_key: grant.find::<api_key::Entity>().one(db).await?.is_some(),
        has_deployment: grant.find::<deployment::Entity>().one(db).await?.is_some(),
    }))
}
