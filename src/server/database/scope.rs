//! Whose rows a transaction may see and change, as the database is told.
//!
//! PostgreSQL hides the rows of all other tenants (row-level security); SQLite
//! refuses to write them (see `guard`).

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, Value,
};
use tokio::sync::OwnedMutexGuard;

use super::guard;
use crate::{
    error::AppError,
    id::{OrgId, OrgSlug, UserId},
    server::{live::Hub, token},
};

/// Whose rows.
#[derive(Clone, Debug)]
pub enum Scope {
    /// All that belongs to one organization.
    Tenant(OrgId),
    /// A person's memberships, and the organizations that they are of; nothing
    /// of it can be changed.
    Person(UserId),
    /// The one row that a secret is the key of, by the secret's SHA-256; it
    /// can't be changed.
    Bearer(Vec<u8>),
    /// Whose a slug is; it can't be changed.
    Slug(OrgSlug),
    /// Whose a customer of Stripe's is; it can't be changed.
    Customer(String),
    /// Which organizations there are, and where their audit logs end; nothing
    /// of it can be changed.
    Proof,
}

/// The settings that the policies of PostgreSQL read. They are local to a
/// transaction: a connection that goes back to the pool has forgotten them.
const SET: &str = "SELECT set_config('app.organization_id', $1, true), \
     set_config('app.user_id', $2, true), set_config('app.bearer', $3, true), \
     set_config('app.slug', $4, true), set_config('app.proof', $5, true), \
     set_config('app.customer', $6, true), set_config('transaction_read_only', $7, true)";

impl Scope {
    /// In the order of the settings.
    fn values(&self) -> [String; 6] {
        let (place, value) = match self {
            Self::Tenant(id) => (0, id.0.to_string()),
            Self::Person(id) => (1, id.0.to_string()),
            Self::Bearer(hash) => (2, token::hex(hash)),
            Self::Slug(slug) => (3, slug.to_string()),
            Self::Proof => (4, "on".to_owned()),
            Self::Customer(id) => (5, id.clone()),
        };
        let mut value = Some(value);
        std::array::from_fn(|at| {
            let own = if at == place { value.take() } else { None };
            own.unwrap_or_default()
        })
    }

    pub(super) async fn set(&self, tx: &DatabaseTransaction, read_only: bool) -> Result<(), DbErr> {
        let read_only = if read_only { "on" } else { "off" };
        let values = self.values().into_iter().map(Value::from);
        let values = values.chain([Value::from(read_only)]);
        let set = Statement::from_sql_and_values(DbBackend::Postgres, SET, values);
        tx.execute_raw(set).await.map(drop)
    }

    const fn tenant(&self) -> Option<OrgId> {
        match self {
            Self::Tenant(id) => Some(*id),
            Self::Person(_) | Self::Bearer(_) | Self::Slug(_) | Self::Customer(_) | Self::Proof => {
                None
            }
        }
    }
}

/// Something to read from.
#[derive(Debug)]
pub enum ReadTx {
    Pool(DatabaseConnection),
    Transaction(DatabaseTransaction),
}

#[async_trait::async_trait]
impl ConnectionTrait for ReadTx {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::Transaction(tx) => tx.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => pool.execute_raw(statement).await,
            Self::Transaction(tx) => tx.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => pool.execute_unprepared(sql).await,
            Self::Transaction(tx) => tx.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => pool.query_one_raw(statement).await,
            Self::Transaction(tx) => tx.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => pool.query_all_raw(statement).await,
            Self::Transaction(tx) => tx.query_all_raw(statement).await,
        }
    }
}

/// A transaction that writes; rolled back unless it is committed.
#[derive(Debug)]
pub struct WriteTx {
    tx: DatabaseTransaction,
    turn: Option<OwnedMutexGuard<()>>,
    is_guarded: bool,
    live: Hub,
    touched: Mutex<Touched>,
}

/// Whom it concerns that it is committed.
#[derive(Debug, Default)]
struct Touched {
    organizations: Vec<OrgId>,
    /// Whose sessions were ended.
    signed_out: Vec<UserId>,
}

impl WriteTx {
    pub(super) fn new(
        tx: DatabaseTransaction,
        turn: Option<OwnedMutexGuard<()>>,
        is_guarded: bool,
        live: Hub,
    ) -> Self {
        Self {
            tx,
            turn,
            is_guarded,
            live,
            touched: Mutex::default(),
        }
    }

    fn touched(&self) -> MutexGuard<'_, Touched> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has nobody be told of what was done until now: it can't be seen.
    pub fn tell_nobody(&self) {
        self.touched().organizations.clear();
    }

    /// Notes that sessions of that person end with it.
    pub fn sign_out(&self, user: UserId) {
        self.touched().signed_out.push(user);
    }

    /// Goes on within that scope, until it enters another.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enter(&self, scope: Scope) -> Result<(), AppError> {
        self.touched().organizations.extend(scope.tenant());
        if self.is_guarded {
            guard::enter(&self.tx, scope.tenant()).await?;
        } else if self.tx.get_database_backend() == DbBackend::Postgres {
            scope.set(&self.tx, false).await?;
        }
        Ok(())
    }

    /// Commits, and tells whoever watches.
    ///
    /// # Errors
    /// If the database refuses; nothing was written then.
    pub async fn commit(self) -> Result<(), AppError> {
        if self.is_guarded {
            // A connection goes back to the pool without a tenant.
            guard::enter(&self.tx, None).await?;
        }
        let touched = mem::take(&mut *self.touched());
        self.tx.commit().await?;
        drop(self.turn);
        for organization in touched.organizations {
            self.live.moved(organization);
        }
        for user in touched.signed_out {
            self.live.signed_out(user);
        }
        Ok(())
    }
}

impl std::ops::Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}
