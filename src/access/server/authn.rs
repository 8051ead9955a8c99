//! Who is signed in: the account behind a session, read at every request.

use axum_login::{AuthUser, AuthnBackend};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use secrecy::SecretString;

use crate::{
    entity::user,
    error::AppError,
    id::{Email, UserId},
    server::{hash::is_outdated, services::Services, token},
};

/// An account as far as a session needs it.
#[derive(Clone)]
pub struct Account {
    pub id: UserId,
    pub name: String,
    pub email: Email,
    /// Changes with the password, and ends the sessions that were made before.
    session_key: Vec<u8>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.id)
    }
}

impl From<user::Model> for Account {
    fn from(user: user::Model) -> Self {
        let session_key = session_key(&user);
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            session_key,
        }
    }
}

/// Sessions hang on when the password was set, and not on its hash, which may
/// be made stronger.
fn session_key(user: &user::Model) -> Vec<u8> {
    let set = user.password_set_at.map(|set| set.timestamp_millis());
    token::hash(format!("{} {set:?}", user.id))
}

impl Account {
    /// Whether the account has the password now that it had when it was read.
    #[must_use]
    pub fn has_password_of(&self, now: &user::Model) -> bool {
        self.session_key == session_key(now)
    }
}

/// Whoever hasn't answered a mail isn't anybody yet.
fn is_confirmed(user: &user::Model) -> bool {
    user.email_verified_at.is_some()
}

impl AuthUser for Account {
    type Id = UserId;

    fn id(&self) -> UserId {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.session_key
    }
}

/// An address and a password that claim to belong together.
#[derive(Clone)]
pub struct Credentials {
    pub email: Email,
    pub password: SecretString,
}

#[derive(Clone, Debug)]
pub struct Backend(Services);

impl Backend {
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self(services)
    }
}

impl Backend {
    /// Replaces a hash that was made with less than what is asked for by now,
    /// while the password is known. It stays the same password: sessions go on.
    async fn strengthen(
        &self,
        user: UserId,
        outdated: String,
        password: SecretString,
    ) -> Result<(), AppError> {
        let hash = self.0.hasher.hash(password).await?;
        let tx = self.0.db.write("a person's own account").await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .filter(user::Column::Id.eq(user))
            .filter(user::Column::PasswordHash.eq(outdated))
            .exec(&*tx)
            .await?;
        tx.commit().await
    }
}

impl AuthnBackend for Backend {
    type User = Account;
    type Credentials = Credentials;
    type Error = AppError;

    async fn authenticate(&self, given: Credentials) -> Result<Option<Account>, AppError> {
        let db = self
            .0
            .db
            .unscoped("an address is an account's before any tenant is known");
        let user = user::Entity::find_by_email(&given.email).one(db).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        let fits = self
            .0
            .hasher
            .verify(given.password.clone(), hash.clone())
            .await?;
        let Some(user) = user.filter(|user| fits && is_confirmed(user)) else {
            return Ok(None);
        };
        if let Some(outdated) = hash.filter(|hash| is_outdated(hash)) {
            self.strengthen(user.id, outdated, given.password).await?;
        }
        Ok(Some(user.into()))
    }

    async fn get_user(&self, id: &UserId) -> Result<Option<Account>, AppError> {
        let db = self
            .0
            .db
            .unscoped("a session is a person's, in whichever organization");
        Ok(user::Entity::find_by_id(*id)
            .one(db)
            .await?
            .filter(is_confirmed)
            .map(Account::from))
    }
}
