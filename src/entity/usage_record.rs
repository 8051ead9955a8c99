use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::OrgId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrgId,
    /// A month in UTC, like `2026-11`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    pub api_calls: i64,
    /// When the owners were told that most of the calls are used.
    pub calls_warned_at: Option<DateTime<Utc>>,
    /// When they were told that all are.
    pub calls_used_up_at: Option<DateTime<Utc>>,
    /// The same of storage.
    pub storage_warned_at: Option<DateTime<Utc>>,
    pub storage_used_up_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
