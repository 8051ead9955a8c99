use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    /// SHA-256 of what is throttled and for whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Vec<u8>,
    /// When the last try will be forgotten, if there is no other.
    pub empty_at: DateTime<Utc>,
    pub blocked_until: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
