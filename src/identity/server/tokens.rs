//! Tokens that travel by mail: stored as hashes, good for one use.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    entity::{
        mail_token::{self, Purpose},
        user,
    },
    error::AppError,
    id::{Email, UserId},
    server::{database::WriteTx, services::Services, token},
};

/// For how long a token is good.
pub const fn lifetime(purpose: Purpose) -> TimeDelta {
    match purpose {
        Purpose::VerifyEmail => TimeDelta::hours(24),
        Purpose::ResetPassword => TimeDelta::hours(1),
        Purpose::ChangeEmail => TimeDelta::hours(4),
    }
}

/// What a token is for, besides its purpose.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    pub new_email: Option<Email>,
    pub sign_up: Option<PendingSignUp>,
}

/// What somebody chose who signed up, kept apart from the account until the
/// address answered: of several who sign up with one address, each confirms
/// their own choice and nobody else's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingSignUp {
    pub name: String,
    pub password_hash: String,
    pub browser_hash: Vec<u8>,
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
    pending: Pending,
) -> Result<String, AppError> {
    let secret = token::random()?;
    let chosen = pending
        .sign_up
        .map(|chosen| (chosen.name, chosen.password_hash, chosen.browser_hash));
    let (name, password_hash, browser_hash) = match chosen {
        Some((name, hash, browser)) => (Some(name), Some(hash), Some(browser)),
        None => (None, None, None),
    };
    mail_token::Entity::insert(mail_token::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(user),
        purpose: Set(purpose),
        new_email: Set(pending.new_email),
        name: Set(name),
        password_hash: Set(password_hash),
        browser_hash: Set(browser_hash),
        hash: Set(token::hash(&secret)),
        created_at: Set(now),
        expires_at: Set(now + lifetime(purpose)),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(secret)
}

/// Looks at a token and leaves it as it is.
///
/// # Errors
/// `LinkExpired` if there is no such token, or no longer.
pub async fn peek(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    secret: &str,
    purpose: Purpose,
) -> Result<mail_token::Model, AppError> {
    mail_token::Entity::find()
        .filter(mail_token::Column::Hash.eq(token::hash(secret)))
        .filter(mail_token::Column::Purpose.eq(purpose))
        .filter(mail_token::Column::ExpiresAt.gt(now))
        .one(db)
        .await?
        .ok_or(AppError::LinkExpired)
}

/// Deletes what nobody can use any more.
///
/// # Errors
/// If the database fails.
pub async fn delete_expired(services: &Services) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write("expired tokens of anyone").await?;
    mail_token::Entity::delete_many()
        .filter(mail_token::Column::ExpiresAt.lte(now))
        .exec(&*tx)
        .await?;
    tx.commit().await
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
    let token = peek(&**tx, now, secret, purpose).await?;
    // The person before the token: two tokens of one person that are used at
    // once would else wait for each other.
    user::Entity::find_by_id(token.user_id)
        .lock(LockType::NoKeyUpdate)
        .one(&**tx)
        .await?;
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
