//! Whose rows a transaction may see and change, as the database is told.
//!
//! PostgreSQL hides the rows of all other tenants (row-level security); SQLite
//! refuses to write them (see `guard`).

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, Value,
};
use tokio::sync::OwnedMutexGuard;

use super::guard;
use crate::{
    error::AppError,
    id::{OrgId, UserId},
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
}

/// The settings that the policies of PostgreSQL read. They are local to a
/// transaction: a connection that goes back to the pool has forgotten them.
const SET: &str = "SELECT set_config('app.organization_id', $1, true), \
     set_config('app.user_id', $2, true), set_config('app.bearer', $3, true)";
/// The same, and nothing can be written any more.
const SET_FOR_READING: &str = "SELECT set_config('app.organization_id', $1, true), \
     set_config('app.user_id', $2, true), set_config('app.bearer', $3, true), \
     set_config('transaction_read_only', 'on', true)";

impl Scope {
    fn settings(&self) -> [Value; 3] {
        let none = || Value::from("");
        match self {
            Self::Tenant(id) => [id.0.to_string().into(), none(), none()],
            Self::Person(id) => [none(), id.0.to_string().into(), none()],
            Self::Bearer(hash) => {
                let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                [none(), none(), hash.into()]
            }
        }
    }

    pub(super) async fn set_for_reading(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let set =
            Statement::from_sql_and_values(DbBackend::Postgres, SET_FOR_READING, self.settings());
        tx.execute_raw(set).await.map(drop)
    }

    const fn tenant(&self) -> Option<OrgId> {
        match self {
            Self::Tenant(id) => Some(*id),
            Self::Person(_) | Self::Bearer(_) => None,
        }
    }

    async fn set(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let set = Statement::from_sql_and_values(DbBackend::Postgres, SET, self.settings());
        tx.execute_raw(set).await.map(drop)
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
    _turn: Option<OwnedMutexGuard<()>>,
    is_guarded: bool,
}

impl WriteTx {
    pub(super) fn new(
        tx: DatabaseTransaction,
        turn: Option<OwnedMutexGuard<()>>,
        is_guarded: bool,
    ) -> Self {
        Self {
            tx,
            _turn: turn,
            is_guarded,
        }
    }

    /// Goes on within that scope, until it enters another.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enter(&self, scope: Scope) -> Result<(), AppError> {
        if self.is_guarded {
            guard::enter(&self.tx, scope.tenant()).await?;
        } else if self.tx.get_database_backend() == DbBackend::Postgres {
            scope.set(&self.tx).await?;
        }
        Ok(())
    }

    /// # Errors
    /// If the database refuses; nothing was written then.
    pub async fn commit(self) -> Result<(), AppError> {
        if self.is_guarded {
            // A connection goes back to the pool without a tenant.
            guard::enter(&self.tx, None).await?;
        }
        Ok(self.tx.commit().await?)
    }
}

impl std::ops::Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}
