//! A new account, from the form to the confirmed address.

use chrono::TimeDelta;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{OnConflict, Query},
};

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
    server::{outbox, services::Services, throttle, token},
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
    // Whoever signs up again with an address that isn't confirmed keeps it from
    // being let go.
    let known = OnConflict::column(user::Column::Email)
        .update_column(user::Column::UpdatedAt)
        .action_and_where(user::Column::EmailVerifiedAt.is_null())
        .to_owned();
    user::Entity::insert(user::ActiveModel {
        id: Set(UserId::generate()),
        email: Set(new.email.clone()),
        name: Set(new.name.clone()),
        image: Set(None),
        password_hash: Set(None),
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
        pending,
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
    if !is_of(&token, signed_up_by) {
        know_password(visitor, &token, password).await?;
    }
    let tx = services.db.write("a person's own token").await?;
    let token = tokens::consume(&tx, now, secret, Purpose::VerifyEmail).await?;
    let confirmed = user::ActiveModel {
        id: Set(token.user_id),
        name: token.name.map_or(NotSet, Set),
        password_hash: Set(token.password_hash),
        password_set_at: Set(Some(now)),
        email_verified_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    };
    let user = user::Entity::update(confirmed).exec(&*tx).await?;
    tokens::void(&*tx, user.id, Purpose::VerifyEmail).await?;
    browsers::remember(&tx, now, user.id, browser).await?;
    tx.commit().await?;
    sessions::begin(visitor, &Account::from(user)).await
}

/// Whether a sign-up can be confirmed without its password: in the browser
/// that signed up, by the secret that it has.
///
/// # Errors
/// `LinkExpired` if there is no such sign-up, or no longer.
pub async fn is_from_here(
    visitor: &Visitor,
    secret: &str,
    signed_up_by: Option<&str>,
) -> Result<bool, AppError> {
    let db = visitor.services.db.unscoped("a person's own token");
    let token = tokens::peek(db, visitor.now(), secret, Purpose::VerifyEmail).await?;
    Ok(is_of(&token, signed_up_by))
}

fn is_of(token: &mail_token::Model, browser: Option<&str>) -> bool {
    token.browser_hash.is_some() && token.browser_hash == browser.map(token::hash)
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
    let hash = token.password_hash.clone();
    if !services.hasher.verify(password.into(), hash).await? {
        return Err(AppError::invalid("password", Problem::WrongPassword));
    }
    throttle::forget(services, &tries).await
}

/// For how long an address that nobody confirmed is kept at least.
const UNCONFIRMED_KEPT: TimeDelta = TimeDelta::days(7);

/// Lets go of the addresses that were never confirmed and no longer can be.
///
/// # Errors
/// If the database fails.
pub async fn delete_unconfirmed(services: &Services) -> Result<(), AppError> {
    let long_ago = services.clock.now() - UNCONFIRMED_KEPT;
    let with_a_link = Query::select()
        .column(mail_token::Column::UserId)
        .from(mail_token::Entity)
        .to_owned();
    let tx = services.db.write("addresses that nobody confirmed").await?;
    user::Entity::delete_many()
        .filter(user::Column::EmailVerifiedAt.is_null())
        .filter(user::Column::UpdatedAt.lte(long_ago))
        .filter(user::Column::Id.in_subquery(with_a_link).not())
        .exec(&*tx)
        .await?;
    tx.commit().await
}
