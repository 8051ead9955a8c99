use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::OrgId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "artifact_upload")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: OrgId,
    /// How many were claimed.
    pub bytes: i64,
    /// Where they go in the store.
    pub location: String,
    /// When somebody went on with it.
    pub seen_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
