use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    access::Role,
    id::{Email, InvitationId, OrgId, UserId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub organization_id: OrgId,
    pub email: Email,
    pub role: Role,
    /// SHA-256 of the token that the newest mail carries; none before it is sent.
    pub token_hash: Option<Vec<u8>>,
    pub invited_by: UserId,
    pub created_at: DateTime<Utc>,
    /// When it was invited, or invited again.
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub accepted_by: Option<UserId>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
