use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    access::KeyScopes,
    id::{ApiKeyId, OrgId, UserId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    pub organization_id: OrgId,
    pub name: String,
    /// What the key begins with, as far as it is shown.
    pub prefix: String,
    pub last_four: String,
    /// SHA-256 of the key.
    pub hash: Vec<u8>,
    pub scopes: KeyScopes,
    /// On whose behalf it acts; they may be gone by now.
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When another took its place.
    pub replaced_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
