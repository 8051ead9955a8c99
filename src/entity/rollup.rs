use sea_orm::entity::prelude::*;

pub use crate::analytics::model::{Grain, Measure};
use crate::id::OrgId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrgId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub grain: Grain,
    /// In Unix time, in seconds: a multiple of the grain.
    #[sea_orm(primary_key, auto_increment = false)]
    pub starts_at: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: Measure,
    /// Of an event, its action; of a deployment, its project; else empty.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub count: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
