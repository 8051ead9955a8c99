use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrgId, OrgSlug};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_slug")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: OrgSlug,
    pub organization_id: OrgId,
    pub claimed_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
