use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::OrgId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotent_answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrgId,
    /// SHA-256 of who asked and of the key that was sent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: Vec<u8>,
    /// SHA-256 of what was asked.
    pub request_hash: Vec<u8>,
    pub status: i32,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
