//! The audit trail: one row per change, each sealed with the hash of the one
//! before it, so that an edit, a gap or another order shows. Where the chain
//! ends is kept apart, so that a missing end shows as well.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{agent::Agent, authn::Account, session_store::Origin};
use crate::{
    audit::model::Event,
    entity::{audit_chain, audit_log},
    error::AppError,
    id::{AuditId, OrgId},
    server::{
        request::RequestInfo,
        rollup::{self, Counted},
    },
};

/// Who did it, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: &'static str,
    id: Option<Uuid>,
    name: String,
    ip: Option<String>,
    user_agent: Option<String>,
}

impl Actor {
    #[must_use]
    pub(super) fn of(agent: &Agent, request: &RequestInfo) -> Self {
        let creator = agent.creator();
        Self {
            kind: creator.kind,
            id: Some(creator.id),
            name: creator.name,
            ip: Some(request.ip.to_string()),
            user_agent: Some(request.user_agent.clone()),
        }
    }

    /// Whoever says what was paid.
    #[must_use]
    pub fn stripe() -> Self {
        Self {
            kind: "stripe",
            id: None,
            name: "Stripe".to_owned(),
            ip: None,
            user_agent: None,
        }
    }

    /// Someone whose session is just being begun.
    #[must_use]
    pub fn signing_in(account: &Account, origin: &Origin) -> Self {
        Self {
            ip: Some(origin.ip.clone()),
            user_agent: Some(origin.user_agent.clone()),
            ..Self::absent(account)
        }
    }

    /// Someone of whom only the account is known, as in a seed.
    #[must_use]
    pub fn absent(account: &Account) -> Self {
        Self {
            kind: "user",
            id: Some(account.id.0),
            name: account.name.clone(),
            ip: None,
            user_agent: None,
        }
    }
}

/// Appends a row, and counts it. The caller has entered the organization and holds its lock.
///
/// # Errors
/// If the database fails.
pub async fn append(
    tx: &impl ConnectionTrait,
    organization: OrgId,
    actor: &Actor,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let chain = audit_chain::Entity::find_by_id(organization)
        .one(tx)
        .await?;
    let (length, head) = chain.map_or((0, vec![0; 32]), |chain| (chain.length, chain.head));
    let mut row = audit_log::Model {
        id: AuditId::generate(),
        organization_id: organization,
        seq: length + 1,
        actor_type: actor.kind.to_owned(),
        actor_id: actor.id,
        actor_name: actor.name.clone(),
        action: event.action().to_owned(),
        entity_type: event.entity_type().to_owned(),
        entity_id: event.entity_id(),
        metadata: event.metadata(),
        ip: actor.ip.clone(),
        user_agent: actor.user_agent.clone(),
        created_at: now,
        previous_hash: head,
        hash: Vec::new(),
    };
    row.hash = seal(&row)?;
    let chain = audit_chain::ActiveModel {
        organization_id: Set(organization),
        length: Set(row.seq),
        head: Set(row.hash.clone()),
    };
    audit_log::Entity::insert(row.into_active_model())
        .exec_without_returning(tx)
        .await?;
    let longer = OnConflict::column(audit_chain::Column::OrganizationId)
        .update_columns([audit_chain::Column::Length, audit_chain::Column::Head])
        .to_owned();
    audit_chain::Entity::insert(chain)
        .on_conflict(longer)
        .exec_without_returning(tx)
        .await?;
    // What is counted goes with the organization; the log stays.
    if matches!(event, Event::OrganizationDeleted { .. }) {
        return Ok(());
    }
    let mut counted = vec![(
        Counted::Event {
            action: event.action(),
        },
        1,
    )];
    if let Event::DeploymentCreated { project, .. } = event {
        counted.push((Counted::Deployment { project: *project }, 1));
    }
    rollup::count(tx, organization, now, &counted).await
}

/// The hash that a row must have. Keys of the metadata are sorted by how
/// they are kept, so that a database may hand them out in another order.
///
/// # Errors
/// `Internal` if the row can't be written as JSON.
pub fn seal(row: &audit_log::Model) -> Result<Vec<u8>, AppError> {
    let sealed = serde_json::json!([
        row.id,
        row.organization_id,
        row.seq,
        row.actor_type,
        row.actor_id,
        row.actor_name,
        row.action,
        row.entity_type,
        row.entity_id,
        sorted(&row.metadata),
        row.ip,
        row.user_agent,
        row.created_at.timestamp_millis(),
    ]);
    let text = serde_json::to_vec(&sealed).map_err(|error| AppError::internal(&error))?;
    Ok(Sha256::new()
        .chain_update(&row.previous_hash)
        .chain_update(text)
        .finalize()
        .to_vec())
}

fn sorted(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
