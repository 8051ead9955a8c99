//! Sessions in the database.
//!
//! The cookie's value is stored as a hash. Saving updates and never inserts:
//! a request that was under way while its session ended can't bring it back.

use axum_login::tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    memberships,
    trail::{self, Actor},
};
use crate::{
    audit::model::Event,
    entity::{session, user},
    error::AppError,
    id::{SessionId, UserId},
    server::{database::WriteTx, services::Services, token},
};

/// A session ends this long after it was begun, whatever happens.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);
/// A session ends when it wasn't used for this long.
pub const IDLE: TimeDelta = TimeDelta::days(7);
/// Being used is noted at most this often.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(60);

/// Where a session was begun, as it is kept in the session's data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Origin {
    pub ip: String,
    pub user_agent: String,
    /// Whether somebody signed in, and didn't only go on under a new id.
    #[serde(default)]
    pub is_sign_in: bool,
}

/// The key of the session's data that holds its [`Origin`].
pub const ORIGIN: &str = "origin";

#[derive(Clone, Debug)]
pub struct DbSessionStore(Services);

impl DbSessionStore {
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self(services)
    }

    /// Begins a session. Every organization of its person notes a sign-in.
    async fn insert(&self, record: &Record) -> Result<(), AppError> {
        let now = self.0.clock.now();
        let origin: Origin = record
            .data
            .get(ORIGIN)
            .and_then(|origin| serde_json::from_value(origin.clone()).ok())
            .unwrap_or_default();
        let user = user_of(record);
        let tx = self.0.db.write("a session is begun and noted").await?;
        // Whose person is gone is nobody's session, like any unknown id.
        if let Some(user) = user
            && !note(&tx, user, &origin, now).await?
        {
            return Ok(());
        }
        session::Entity::insert(session::ActiveModel {
            id: Set(SessionId::generate()),
            id_hash: Set(hash_of(&record.id)),
            user_id: Set(user),
            data: Set(data_of(record)?),
            ip: Set(origin.ip),
            user_agent: Set(origin.user_agent),
            created_at: Set(now),
            last_seen_at: Set(now),
            expires_at: Set(now + LIFETIME),
        })
        .exec_without_returning(&*tx)
        .await?;
        tx.commit().await
    }

    async fn update(&self, record: &Record) -> Result<(), AppError> {
        let tx = self.0.db.write("sessions are people's").await?;
        session::Entity::update_many()
            .col_expr(session::Column::Data, Expr::value(data_of(record)?))
            .col_expr(session::Column::UserId, Expr::value(user_of(record)))
            .filter(session::Column::IdHash.eq(hash_of(&record.id)))
            .exec(&*tx)
            .await?;
        tx.commit().await
    }

    async fn find(&self, id: &Id) -> Result<Option<Record>, AppError> {
        let now = self.0.clock.now();
        let db = self
            .0
            .db
            .unscoped("a session is known before anything else");
        let found = session::Entity::find()
            .filter(session::Column::IdHash.eq(hash_of(id)))
            .one(db)
            .await?
            .filter(|session| session.expires_at > now && session.last_seen_at + IDLE > now);
        let Some(session) = found else {
            return Ok(None);
        };
        // Reading goes on while nobody can write.
        if now - session.last_seen_at >= NOTED_EVERY && self.note_use(&session, now).await.is_err()
        {
            tracing::warn!("that a session is in use couldn't be noted");
        }
        let data =
            serde_json::from_value(session.data).map_err(|error| AppError::internal(&error))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(session.expires_at.timestamp())
            .map_err(|error| AppError::internal(&error))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn note_use(&self, session: &session::Model, now: DateTime<Utc>) -> Result<(), AppError> {
        let tx = self.0.db.write("sessions are people's").await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(now))
            .filter(session::Column::Id.eq(session.id))
            .exec(&*tx)
            .await?;
        tx.commit().await
    }

    async fn remove(&self, id: &Id) -> Result<(), AppError> {
        let of_that_id = session::Entity::find().filter(session::Column::IdHash.eq(hash_of(id)));
        let db = self.0.db.unscoped("sessions are people's");
        // A visitor's id has none, and nobody has to wait for that.
        let Some(session) = of_that_id.one(db).await? else {
            return Ok(());
        };
        let tx = self.0.db.write("sessions are people's").await?;
        if let Some(user) = session.user_id {
            tx.sign_out(user);
        }
        session::Entity::delete_many()
            .filter(session::Column::IdHash.eq(hash_of(id)))
            .exec(&*tx)
            .await?;
        tx.commit().await
    }
}

#[async_trait::async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.insert(record).await.map_err(backend_error)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.update(record).await.map_err(backend_error)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.find(id).await.map_err(backend_error)
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(backend_error)
    }
}

/// Notes a sign-in in all of a person's organizations, which are locked before
/// the person; tells whether there still is one.
async fn note(
    tx: &WriteTx,
    user: UserId,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let memberships = if origin.is_sign_in {
        memberships::lock_all(tx, user).await?
    } else {
        Vec::new()
    };
    let account = user::Entity::find_by_id(user)
        .lock(LockType::KeyShare)
        .one(&**tx)
        .await?;
    let Some(account) = account else {
        return Ok(false);
    };
    let actor = Actor::signing_in(&account.into(), origin);
    let event = Event::SessionSignedIn { user };
    for membership in memberships {
        membership.enter(tx).await?;
        trail::append(&**tx, membership.organization().id, &actor, &event, now).await?;
    }
    Ok(true)
}

/// What is stored of the cookie's value.
#[must_use]
pub fn hash_of(id: &Id) -> Vec<u8> {
    token::hash(id.0.to_le_bytes())
}

/// Whose session it is, from where axum-login keeps it.
fn user_of(record: &Record) -> Option<UserId> {
    record
        .data
        .get("axum-login.data")?
        .get("user_id")?
        .as_str()?
        .parse()
        .ok()
}

fn data_of(record: &Record) -> Result<Value, AppError> {
    serde_json::to_value(&record.data).map_err(|error| AppError::internal(&error))
}

fn backend_error(error: AppError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
