//! Forgotten, reset and changed passwords.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect, sea_query::LockType};
use secrecy::SecretString;

use super::{browsers, letters::Correspondence, sessions, tokens};
use crate::{
    access::server::{Person, Visitor, authn::Account},
    entity::{mail_token::Purpose, user},
    error::{AppError, Problem},
    id::{Email, UserId},
    server::{database::WriteTx, outbox, throttle},
};

/// # Errors
/// `Invalid` for one of the passwords that are tried first.
pub fn refuse_common(field: &str, password: &str) -> Result<(), AppError> {
    if super::common_passwords::contain(password) {
        return Err(AppError::invalid(field, Problem::CommonPassword));
    }
    Ok(())
}

/// Owes a mail with a way to a new password to an address, if it has an
/// account; nobody learns here whether it has.
///
/// # Errors
/// `TooManyTries`.
pub async fn forgot(visitor: &Visitor, email: Email) -> Result<(), AppError> {
    let services = &visitor.services;
    let tries = [
        throttle::MAIL_BY_ADDRESS.by(&visitor.request.network()),
        throttle::MAIL_BY_RECIPIENT.by(email.as_str()),
    ];
    throttle::take(services, &tries).await?;
    let tx = services
        .db
        .write("whose address it is isn't known yet")
        .await?;
    outbox::post(
        &*tx,
        visitor.now(),
        &Correspondence::ForgottenPassword { email },
    )
    .await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}

/// Sets a new password by a token, ends all sessions and begins one. Whoever
/// got the mail has the address, so it counts as confirmed.
///
/// # Errors
/// `LinkExpired`; `Invalid` for a common password.
pub async fn reset(
    visitor: &Visitor,
    token: &str,
    password: String,
    browser: &str,
) -> Result<(), AppError> {
    refuse_common("password", &password)?;
    let (services, now) = (&visitor.services, visitor.now());
    // Nobody makes us compute hashes without a token that is worth one.
    let db = services.db.unscoped("a person's own token");
    if let Err(error) = tokens::peek(db, now, token, Purpose::ResetPassword).await {
        let tries = throttle::RESET_BY_ADDRESS.by(&visitor.request.network());
        throttle::take(services, &[tries]).await?;
        return Err(error);
    }
    let hash = services.hasher.hash(password.into()).await?;
    let tx = services.db.write("a person's own token").await?;
    let token = tokens::consume(&tx, now, token, Purpose::ResetPassword).await?;
    let mut user = set(&tx, now, token.user_id, hash).await?;
    if user.email_verified_at.is_none() {
        user = user::Entity::update(user::ActiveModel {
            id: Set(user.id),
            email_verified_at: Set(Some(now)),
            ..Default::default()
        })
        .exec(&*tx)
        .await?;
    }
    browsers::remember(&tx, now, user.id, browser).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    // After the commit: whoever signs in locks the tries before the person.
    let guesses = throttle::SIGN_IN_BY_ACCOUNT.by(user.email.as_str());
    throttle::forget(services, &guesses).await?;
    sessions::begin(visitor, &Account::from(user)).await
}

/// Sets a new password for whoever knows the old one, and ends all other
/// sessions; this one goes on under a new id.
///
/// # Errors
/// `Invalid` for a wrong old or a common new password; `TooManyTries`.
pub async fn change(person: &Person, current: SecretString, new: String) -> Result<(), AppError> {
    refuse_common("new_password", &new)?;
    let confirmed = confirm(person, "current_password", current).await?;
    let services = person.services();
    let hash = services.hasher.hash(new.into()).await?;
    let tx = services.db.write("a person's own account").await?;
    confirmed.hold(&tx).await?;
    let user = set(&tx, person.now(), person.account().id, hash).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    sessions::renew(person.visitor(), &Account::from(user)).await
}

/// Sets a password and makes useless whatever the old one gave: sessions,
/// known browsers, links that are on their way. The person is owed a mail.
///
/// # Errors
/// If the database fails.
pub async fn set(
    tx: &WriteTx,
    now: DateTime<Utc>,
    id: UserId,
    hash: String,
) -> Result<user::Model, AppError> {
    let user = user::Entity::update(user::ActiveModel {
        id: Set(id),
        password_hash: Set(Some(hash)),
        password_set_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    sessions::end_all(tx, id).await?;
    browsers::forget_all(tx, id).await?;
    for purpose in [
        Purpose::ResetPassword,
        Purpose::VerifyEmail,
        Purpose::ChangeEmail,
    ] {
        tokens::void(&**tx, id, purpose).await?;
    }
    outbox::post(&**tx, now, &Correspondence::PasswordChanged { user: id }).await?;
    Ok(user)
}

/// The account of somebody who gave its password a moment ago.
#[derive(Debug)]
pub struct Confirmed {
    id: UserId,
    password_set_at: Option<DateTime<Utc>>,
}

impl Confirmed {
    /// Locks the account, for whatever the password was given for.
    ///
    /// # Errors
    /// `SignedOut` if it has another password by now, or is gone.
    pub async fn hold(&self, tx: &WriteTx) -> Result<(), AppError> {
        let user = user::Entity::find_by_id(self.id)
            .lock(LockType::NoKeyUpdate)
            .one(&**tx)
            .await?;
        match user {
            Some(user) if user.password_set_at == self.password_set_at => Ok(()),
            _ => Err(AppError::SignedOut),
        }
    }
}

/// Makes sure that it is the account's owner who asks.
///
/// # Errors
/// `Invalid` for the field if the password is wrong; `TooManyTries`.
pub async fn confirm(
    person: &Person,
    field: &str,
    password: SecretString,
) -> Result<Confirmed, AppError> {
    let (services, id) = (person.services(), person.account().id);
    let tries = throttle::CONFIRM_BY_ACCOUNT.by(&id.to_string());
    throttle::take(services, std::slice::from_ref(&tries)).await?;
    let db = services.db.unscoped("a person's own account");
    let user = user::Entity::find_by_id(id).one(db).await?;
    let user = user.ok_or(AppError::SignedOut)?;
    if !services.hasher.verify(password, user.password_hash).await? {
        return Err(AppError::invalid(field, Problem::WrongPassword));
    }
    throttle::forget(services, &tries).await?;
    Ok(Confirmed {
        id,
        password_set_at: user.password_set_at,
    })
}
