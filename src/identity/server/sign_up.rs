//! A new account, from the form to the confirmed address.

use sea_orm::{
    ActiveValue::Set,
    EntityTrait, ExprTrait,
    sea_query::{Expr, OnConflict},
};

use super::{letters::Correspondence, passwords, sessions, tokens};
use crate::{
    access::server::{Visitor, authn::Account},
    entity::{mail_token::Purpose, user},
    error::AppError,
    id::UserId,
    identity::model::NewAccount,
    server::{outbox, throttle},
};

/// Opens an account for an address that has none, and owes it a mail. For an
/// address that has one, only the mail differs.
///
/// Until it is confirmed, an account is whoever's signed up last: an early
/// bird can't keep somebody's address, nor wait in it with a password.
///
/// # Errors
/// `Invalid` for a common password; `TooManyTries`.
pub async fn sign_up(
    visitor: &Visitor,
    new: NewAccount,
    callback_url: Option<String>,
) -> Result<(), AppError> {
    passwords::refuse_common("password", &new.password)?;
    let services = &visitor.services;
    throttle::take(
        services,
        throttle::MAIL_BY_ADDRESS,
        &visitor.request.ip.to_string(),
    )
    .await?;
    throttle::take(services, throttle::MAIL_BY_RECIPIENT, new.email.as_str()).await?;
    let hash = services.hasher.hash(new.password.into()).await?;
    let now = visitor.now();
    let tx = services.db.write("a new person is in no tenant").await?;
    let unconfirmed = OnConflict::column(user::Column::Email)
        .update_columns([
            user::Column::Name,
            user::Column::PasswordHash,
            user::Column::UpdatedAt,
        ])
        .action_and_where(Expr::col((user::Entity, user::Column::EmailVerifiedAt)).is_null())
        .to_owned();
    user::Entity::insert(user::ActiveModel {
        id: Set(UserId::generate()),
        email: Set(new.email.clone()),
        name: Set(new.name),
        image: Set(None),
        password_hash: Set(Some(hash)),
        email_verified_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .on_conflict(unconfirmed)
    .exec_without_returning(&*tx)
    .await?;
    outbox::post(
        &*tx,
        now,
        &Correspondence::SignUp {
            email: new.email,
            callback_url,
        },
    )
    .await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}

/// Confirms the address that a token was sent to, and signs its owner in.
///
/// # Errors
/// `LinkExpired`.
pub async fn confirm(visitor: &Visitor, token: &str) -> Result<(), AppError> {
    let now = visitor.now();
    let tx = visitor.services.db.write("a person's own token").await?;
    let token = tokens::consume(&tx, now, token, Purpose::VerifyEmail).await?;
    let user = user::Entity::update(user::ActiveModel {
        id: Set(token.user_id),
        email_verified_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    tokens::void(&*tx, user.id, Purpose::VerifyEmail).await?;
    tx.commit().await?;
    sessions::begin(visitor, &Account::from(user)).await
}
