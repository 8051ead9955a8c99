//! A new account, from the form to the confirmed address.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::{
    browsers,
    letters::Correspondence,
    passwords, sessions,
    tokens::{self, PendingSignUp},
};
use crate::{
    access::server::{Visitor, authn::Account},
    entity::{
        mail_token::{self, Purpose},
        user,
    },
    error::{AppError, Problem},
    id::UserId,
    identity::model::NewAccount,
    server::{outbox, throttle, token},
};

/// Opens an account for an address that has none, and owes it a mail. For an
/// address that has one, only the mail differs.
///
/// Name and password wait with the mail's token: several may sign up with an
/// address, and whoever confirms confirms their own. `browser` is the secret
/// of the browser that signs up, by which it is known again.
///
/// # Errors
/// `Invalid` for a common password; `TooManyTries`.
pub async fn sign_up(
    visitor: &Visitor,
    new: NewAccount,
    callback_url: Option<String>,
    browser: &str,
) -> Result<(), AppError> {
    passwords::refuse_common("password", &new.password)?;
    let services = &visitor.services;
    let tries = [
        throttle::MAIL_BY_ADDRESS.by(&visitor.request.network()),
        throttle::MAIL_BY_RECIPIENT.by(new.email.as_str()),
    ];
    throttle::take(services, &tries).await?;
    let password_hash = services.hasher.hash(new.password.into()).await?;
    let now = visitor.now();
    let tx = services.db.write("a new person is in no tenant").await?;
    let known = OnConflict::column(user::Column::Email)
        .do_nothing()
        .to_owned();
    user::Entity::insert(user::ActiveModel {
        id: Set(UserId::generate()),
        email: Set(new.email.clone()),
        name: Set(new.name.clone()),
        image: Set(None),
        password_hash: Set(Some(password_hash.clone())),
        password_set_at: Set(None),
        email_verified_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .on_conflict(known)
    .exec_without_returning(&*tx)
    .await?;
    let pending = PendingSignUp {
        name: new.name,
        password_hash,
        browser_hash: token::hash(browser),
    };
    let letter = Correspondence::SignUp {
        email: new.email,
        callback_url,
        pending: Some(pending),
    };
    outbox::post(&*tx, now, &letter).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}

/// Confirms the address that a token was sent to, and signs its owner in.
///
/// Whoever opens somebody else's sign-up from their own mail must not confirm
/// a password that they don't know: it takes the browser that signed up, or
/// the password that it chose. `signed_up_by` is the secret of this browser if
/// it signed up, `browser` the one by which it is known from now on.
///
/// # Errors
/// `LinkExpired`; `Invalid` unless it is known to be the same person.
pub async fn confirm(
    visitor: &Visitor,
    secret: &str,
    signed_up_by: Option<&str>,
    password: String,
    browser: &str,
) -> Result<(), AppError> {
    let (services, now) = (&visitor.services, visitor.now());
    let db = services.db.unscoped("a person's own token");
    let token = tokens::peek(db, now, secret, Purpose::VerifyEmail).await?;
    let is_same_browser =
        token.browser_hash.is_some() && token.browser_hash == signed_up_by.map(token::hash);
    if !is_same_browser {
        know_password(visitor, &token, password).await?;
    }
    let tx = services.db.write("a person's own token").await?;
    let token = tokens::consume(&tx, now, secret, Purpose::VerifyEmail).await?;
    let mut confirmed = user::ActiveModel {
        id: Set(token.user_id),
        email_verified_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    };
    if let (Some(name), Some(hash)) = (token.name, token.password_hash) {
        confirmed.name = Set(name);
        confirmed.password_hash = Set(Some(hash));
        confirmed.password_set_at = Set(Some(now));
    }
    let user = user::Entity::update(confirmed).exec(&*tx).await?;
    tokens::void(&*tx, user.id, Purpose::VerifyEmail).await?;
    browsers::remember(&tx, now, user.id, browser).await?;
    tx.commit().await?;
    sessions::begin(visitor, &Account::from(user)).await
}

async fn know_password(
    visitor: &Visitor,
    token: &mail_token::Model,
    password: String,
) -> Result<(), AppError> {
    if password.is_empty() {
        return Err(AppError::invalid("password", Problem::Missing));
    }
    let services = &visitor.services;
    let tries = throttle::CONFIRM_BY_ACCOUNT.by(&token.user_id.to_string());
    throttle::take(services, std::slice::from_ref(&tries)).await?;
    let db = services.db.unscoped("a person's own token");
    let account = user::Entity::find_by_id(token.user_id).one(db).await?;
    let hash = token
        .password_hash
        .clone()
        .or_else(|| account.and_then(|user| user.password_hash));
    if !services.hasher.verify(password.into(), hash).await? {
        return Err(AppError::invalid("password", Problem::WrongPassword));
    }
    throttle::forget(services, &tries).await
}
