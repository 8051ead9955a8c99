//! Signing in and out, here and everywhere.

use axum_login::AuthnBackend;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};

use super::browsers;
use crate::{
    access::server::{
        Person, Visitor,
        authn::{Account, Credentials},
        session_store::{self, IDLE, ORIGIN, Origin},
    },
    entity::{session, user},
    error::AppError,
    id::{SessionId, UserId},
    identity::model::{SessionRow, device},
    server::{database::WriteTx, services::Services, throttle},
};

/// Begins a session for whoever knows an account's password. `browser` is the
/// secret by which the browser is known.
///
/// # Errors
/// `WrongCredentials`, with nothing to tell an unknown address by, or one that
/// was never confirmed; `TooManyTries`.
pub async fn sign_in(visitor: &Visitor, given: Credentials, browser: &str) -> Result<(), AppError> {
    let (services, now) = (&visitor.services, visitor.now());
    let network = visitor.request.network();
    let tries = browsers::tries(services, &given.email, browser, &network).await?;
    throttle::take(services, &tries).await?;
    let account = visitor.auth.backend.authenticate(given).await?;
    let account = account.ok_or(AppError::WrongCredentials)?;
    let tx = services.db.write("a person's own sign-in").await?;
    for tries in &tries {
        throttle::passed(&tx, now, tries).await?;
    }
    // The password may have been changed since, or the account be gone.
    let is_still = user::Entity::find_by_id(account.id)
        .lock(LockType::NoKeyUpdate)
        .one(&*tx)
        .await?
        .is_some_and(|user| account.has_password_of(&user));
    if !is_still {
        return Err(AppError::WrongCredentials);
    }
    browsers::remember(&tx, now, account.id, browser).await?;
    tx.commit().await?;
    begin(visitor, &account).await
}

/// Begins a session for somebody who signs in. Every organization of theirs
/// notes it.
///
/// # Errors
/// If the database fails.
pub async fn begin(visitor: &Visitor, account: &Account) -> Result<(), AppError> {
    start(visitor, account, true).await
}

/// Goes on with somebody's session under a new id.
///
/// # Errors
/// If the database fails.
pub async fn renew(visitor: &Visitor, account: &Account) -> Result<(), AppError> {
    start(visitor, account, false).await
}

/// Ends the session there was. The new one is stored with the answer.
async fn start(visitor: &Visitor, account: &Account, is_sign_in: bool) -> Result<(), AppError> {
    let mut auth = visitor.auth.clone();
    let origin = Origin {
        ip: visitor.request.ip.to_string(),
        user_agent: visitor.request.user_agent.clone(),
        is_sign_in,
    };
    let fault = |error: &(dyn std::error::Error + 'static)| AppError::internal(error);
    if auth.session.id().is_some() {
        auth.session.flush().await.map_err(|error| fault(&error))?;
        // Flushing forgets the id and keeps the record that has it: without
        // this, the new session would be stored under the old id.
        auth.session
            .cycle_id()
            .await
            .map_err(|error| fault(&error))?;
    }
    auth.session
        .insert(ORIGIN, origin)
        .await
        .map_err(|error| fault(&error))?;
    auth.login(account).await.map_err(|error| fault(&error))
}

/// Ends the session that the request came with.
///
/// # Errors
/// If the database fails.
pub async fn sign_out(visitor: &Visitor) -> Result<(), AppError> {
    let mut auth = visitor.auth.clone();
    auth.logout()
        .await
        .map_err(|error| AppError::internal(&error))?;
    Ok(())
}

/// The person's sessions that are still good, the last used one first.
///
/// # Errors
/// If the database fails.
pub async fn list(person: &Person) -> Result<Vec<SessionRow>, AppError> {
    let now = person.now();
    let this = this_session(person);
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(person.account().id))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(now - IDLE))
        .order_by_desc(session::Column::LastSeenAt)
        .all(person.services().db.unscoped("a person's own sessions"))
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionRow {
            id: row.id,
            device: device(&row.user_agent),
            on_phone: ["iPhone", "Android"]
                .iter()
                .any(|mark| row.user_agent.contains(mark)),
            ip: row.ip,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            is_this: this.as_ref() == Some(&row.id_hash),
        })
        .collect())
}

/// Ends one of the person's sessions.
///
/// # Errors
/// `NotFound` if it isn't one of theirs.
pub async fn revoke(person: &Person, id: SessionId) -> Result<(), AppError> {
    let tx = person
        .services()
        .db
        .write("a person's own sessions")
        .await?;
    tx.sign_out(person.account().id);
    let ended = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::UserId.eq(person.account().id))
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    if ended.rows_affected == 1 {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

/// Ends all of the person's sessions, this one too.
///
/// # Errors
/// If the database fails.
pub async fn sign_out_everywhere(person: &Person) -> Result<(), AppError> {
    let services = person.services();
    let tx = services.db.write("a person's own sessions").await?;
    end_all(&tx, person.account().id).await?;
    browsers::forget_all(&tx, person.account().id).await?;
    tx.commit().await?;
    sign_out(person.visitor()).await
}

pub(super) async fn end_all(tx: &WriteTx, user: UserId) -> Result<(), AppError> {
    tx.sign_out(user);
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .exec(&**tx)
        .await?;
    Ok(())
}

fn this_session(person: &Person) -> Option<Vec<u8>> {
    person
        .visitor()
        .auth
        .session
        .id()
        .map(|id| session_store::hash_of(&id))
}

/// Deletes the sessions that nobody can use any more.
///
/// # Errors
/// If the database fails.
pub async fn delete_expired(services: &Services) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write("expired sessions of anyone").await?;
    session::Entity::delete_many()
        .filter(
            session::Column::ExpiresAt
                .lte(now)
                .or(session::Column::LastSeenAt.lte(now - IDLE)),
        )
        .exec(&*tx)
        .await?;
    tx.commit().await
}
