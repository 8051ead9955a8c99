//! What was done last, as far as every member may see what it was done to. The
//! audit log tells more, to those who may see that.

use std::collections::{BTreeSet, HashMap};

use chrono::SecondsFormat;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::now::names;
use crate::{
    access::server::Within,
    analytics::model::Happening,
    audit::model::Event,
    entity::{audit_log, deployment},
    error::AppError,
    id::{DeploymentId, ProjectId},
    server::database::ReadTx,
};

/// How many are told.
const LENGTH: u64 = 8;

/// Newest first.
pub async fn newest(within: &impl Within, db: &ReadTx) -> Result<Vec<Happening>, AppError> {
    let rows = within
        .find::<audit_log::Entity>()
        .filter(audit_log::Column::Action.is_in(Event::seen_by_all()))
        .order_by_desc(audit_log::Column::Seq)
        .limit(LENGTH)
        .all(db)
        .await?;
    let projects = projects(within, db, &rows).await?;
    let named = names(
        within,
        db,
        rows.iter().filter_map(|row| of(row, &projects)).collect(),
    );
    let named = named.await?;
    let told = rows.into_iter().map(|row| {
        let project = of(&row, &projects).and_then(|id| Some((id, named.get(&id)?)));
        happening(row, project)
    });
    Ok(told.collect())
}

/// The projects of the deployments that the rows are about.
async fn projects(
    within: &impl Within,
    db: &ReadTx,
    rows: &[audit_log::Model],
) -> Result<HashMap<DeploymentId, ProjectId>, AppError> {
    let ids: BTreeSet<DeploymentId> = rows
        .iter()
        .filter(|row| row.entity_type == "deployment")
        .filter_map(|row| row.entity_id.map(DeploymentId))
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(DeploymentId, ProjectId)> = within
        .find::<deployment::Entity>()
        .filter(deployment::Column::Id.is_in(ids))
        .select_only()
        .column(deployment::Column::Id)
        .column(deployment::Column::ProjectId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// The project that a row is about, or about something of.
fn of(row: &audit_log::Model, deployments: &HashMap<DeploymentId, ProjectId>) -> Option<ProjectId> {
    let named = || row.metadata.get("project")?.as_str()?.parse().ok();
    match row.entity_type.as_str() {
        "project" => row.entity_id.map(ProjectId),
        "deployment" => deployments.get(&DeploymentId(row.entity_id?)).copied(),
        "environment" => named(),
        _ => None,
    }
}

fn happening(row: audit_log::Model, project: Option<(ProjectId, &String)>) -> Happening {
    let text = |path: &str| row.metadata.pointer(path)?.as_str().map(str::to_owned);
    let about_oneself = row.actor_id.is_some() && row.actor_id == row.entity_id;
    let name = ["/name", "/after/name"].into_iter().find_map(text);
    let name = name.filter(|_| !about_oneself);
    let own = project.map(|(id, _)| format!("/projects/{id}"));
    let (what, path) = match (row.entity_type.as_str(), project) {
        ("deployment", Some((_, of))) => {
            let id = row.entity_id.map(DeploymentId);
            let path = own
                .zip(id)
                .map(|(own, id)| format!("{own}/deployments/{id}"));
            (name.map(|name| format!("{name} · {of}")), path)
        }
        ("environment", Some((_, of))) => (name.map(|name| format!("{name} · {of}")), own),
        _ => (name, own),
    };
    Happening {
        did: Event::words(&row.action).to_owned(),
        who: row.actor_name,
        what,
        path,
        at: row.created_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        at_second: row.created_at.timestamp(),
    }
}
