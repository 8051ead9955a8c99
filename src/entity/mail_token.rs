use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{Email, UserId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    pub purpose: Purpose,
    /// The address that a change of address is to.
    pub new_email: Option<Email>,
    /// What a sign-up chose; it holds for whoever confirms that very sign-up.
    pub name: Option<String>,
    pub password_hash: Option<String>,
    /// SHA-256 of the secret of the browser that signed up.
    pub browser_hash: Option<Vec<u8>>,
    /// SHA-256 of the token that the mail carries.
    pub hash: Vec<u8>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What a token from a mail is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(32))",
    rename_all = "snake_case"
)]
pub enum Purpose {
    VerifyEmail,
    ResetPassword,
    ChangeEmail,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
