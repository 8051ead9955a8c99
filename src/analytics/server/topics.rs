//! What a room of the hub shows of its organization.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::json;

use super::now;
use crate::{
    access::server::{Watch, Within, watch::Look},
    billing::{Plan, Standing, server::look::mark},
    entity::deployment,
    error::AppError,
    id::{DeploymentId, ProjectId, SessionId, UserId},
    organizations::server::look::shown,
    projects::model::{DeploymentStatus, MOVES_TOLD, Moved},
    server::live::{Audience, Source, Topic},
    topic,
    usage::{model::InUse, server::in_use},
};

#[async_trait::async_trait]
impl Source for Watch {
    async fn topics(&self, people: usize) -> Result<Vec<Topic>, AppError> {
        let look = self.look().await?;
        let mut live = now::live(self, &look.db, look.now).await?;
        // Whoever has just come may not be noted yet.
        live.current_users = live.current_users.max(people as u64);
        // The last one carries the id of all: the one that every client reads.
        Ok(vec![
            for_members(topic::DEPLOYMENTS, &deployments(self, &look).await?)?,
            for_members(topic::USAGE, &usage(self, &look).await?)?,
            Topic {
                name: topic::BILLING,
                data: billing(&look).to_string(),
                is_for_payers: true,
            },
            for_members(topic::OVERVIEW, &live)?,
        ])
    }

    async fn admitted(
        &self,
        sessions: Vec<SessionId>,
    ) -> Result<HashMap<SessionId, Audience>, AppError> {
        Watch::admitted(self, sessions).await
    }

    async fn note_presence(&self, people: HashSet<UserId>) {
        if Watch::note_presence(self, people).await.is_err() {
            tracing::debug!("who watches couldn't be noted as being there");
        }
    }
}

fn for_members(name: &'static str, what: &impl Serialize) -> Result<Topic, AppError> {
    Ok(Topic {
        name,
        data: serde_json::to_string(what).map_err(|error| AppError::internal(&error))?,
        is_for_payers: false,
    })
}

/// Those that moved last, the last one first.
async fn deployments(watch: &Watch, look: &Look) -> Result<Vec<Moved>, AppError> {
    use deployment::Column;
    type Row = (DeploymentId, ProjectId, DeploymentStatus, DateTime<Utc>);
    let moved: Vec<Row> = watch
        .find::<deployment::Entity>()
        .select_only()
        .columns([
            Column::Id,
            Column::ProjectId,
            Column::Status,
            Column::UpdatedAt,
        ])
        .order_by_desc(Column::UpdatedAt)
        .limit(MOVES_TOLD as u64)
        .into_tuple()
        .all(&look.db)
        .await?;
    let moved = moved.into_iter().map(|(id, project, status, at)| Moved {
        id,
        project,
        status,
        label: status.label().to_owned(),
        badge: status.badge().to_owned(),
        at: at.timestamp_micros(),
    });
    Ok(moved.collect())
}

async fn usage(watch: &Watch, look: &Look) -> Result<InUse, AppError> {
    in_use(watch, &look.db, &look.entitlements(), look.now).await
}

fn billing(look: &Look) -> serde_json::Value {
    let organization = &look.organization;
    json!({
        "mark": mark(organization),
        "plan": organization.plan,
        "standing": organization.subscription_status.standing(),
        "shown": shown(organization),
        "words": words(organization.plan, organization.subscription_status.standing()),
    })
}

/// How things are with what is paid for, for people.
fn words(plan: Plan, standing: Standing) -> String {
    match standing {
        Standing::Good => format!("Its plan is {} now.", plan.label()),
        Standing::Grace => "A payment is overdue.".to_owned(),
        Standing::Lapsed => "Its subscription has ended.".to_owned(),
        Standing::Suspended => "It is suspended until its bill is paid.".to_owned(),
    }
}
