//! Tokens that travel by mail: stored as hashes, good for one use.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    entity::mail_token::{self, Purpose},
    error::AppError,
    id::{Email, UserId},
    server::{database::WriteTx, token},
};

/// For how long a token is good.
const fn lifetime(purpose: Purpose) -> TimeDelta {
    match purpose {
        Purpose::VerifyEmail => TimeDelta::hours(24),
        Purpose::ResetPassword => TimeDelta::hours(1),
        Purpose::ChangeEmail => TimeDelta::hours(4),
    }
}

/// A new token for that purpose, in the text that the mail carries.
///
/// # Errors
/// If the database fails.
pub async fn issue(
    tx: &WriteTx,
    now: DateTime<Utc>,
    user: UserId,
    purpose: Purpose,
    new_email: Option<&Email>,
) -> Result<String, AppError> {
    let secret = token::random()?;
    mail_token::Entity::insert(mail_token::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(user),
        purpose: Set(purpose),
        new_email: Set(new_email.cloned()),
        hash: Set(token::hash(&secret)),
        created_at: Set(now),
        expires_at: Set(now + lifetime(purpose)),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(secret)
}

/// Uses a token up. Of two who try at once, one succeeds.
///
/// # Errors
/// `LinkExpired` if there is no such token, or no longer.
pub async fn consume(
    tx: &WriteTx,
    now: DateTime<Utc>,
    secret: &str,
    purpose: Purpose,
) -> Result<mail_token::Model, AppError> {
    let token = mail_token::Entity::find()
        .filter(mail_token::Column::Hash.eq(token::hash(secret)))
        .filter(mail_token::Column::Purpose.eq(purpose))
        .filter(mail_token::Column::ExpiresAt.gt(now))
        .one(&**tx)
        .await?
        .ok_or(AppError::LinkExpired)?;
    let used = mail_token::Entity::delete_by_id(token.id)
        .exec(&**tx)
        .await?;
    if used.rows_affected == 1 {
        Ok(token)
    } else {
        Err(AppError::LinkExpired)
    }
}

/// Makes a person's outstanding tokens for that purpose useless.
///
/// # Errors
/// If the database fails.
pub async fn void(
    tx: &impl ConnectionTrait,
    user: UserId,
    purpose: Purpose,
) -> Result<(), AppError> {
    mail_token::Entity::delete_many()
        .filter(mail_token::Column::UserId.eq(user))
        .filter(mail_token::Column::Purpose.eq(purpose))
        .exec(tx)
        .await?;
    Ok(())
}
