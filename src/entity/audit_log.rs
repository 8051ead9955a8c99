use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AuditId, OrgId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    pub organization_id: OrgId,
    /// Counts the rows of the organization from 1, without a gap.
    pub seq: i64,
    pub actor_type: String,
    pub actor_id: Option<Uuid>,
    /// As the actor was called then.
    pub actor_name: String,
    pub action: String,
    pub entity_type: String,
    pub entity_id: Option<Uuid>,
    pub metadata: Json,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub previous_hash: Vec<u8>,
    /// SHA-256 of the row before and of this one.
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
