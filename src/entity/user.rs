use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{Email, UserId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub email: Email,
    pub name: String,
    pub image: Option<String>,
    /// A PHC string of Argon2id; none for a person who only signs in elsewhere.
    pub password_hash: Option<String>,
    /// Unknown for the first password of an account.
    pub password_set_at: Option<DateTime<Utc>>,
    pub email_verified_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    pub fn find_by_email(email: &Email) -> Select<Self> {
        Self::find().filter(Column::Email.eq(email.clone()))
    }
}
