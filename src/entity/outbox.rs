use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub effect: Json,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    /// Not before then; moved on by a worker that takes it and by a failure.
    pub available_at: DateTime<Utc>,
    pub last_error: Option<String>,
    /// When it was tried for the last time and kept for an operator to see.
    pub given_up_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
