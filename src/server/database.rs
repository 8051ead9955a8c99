//! The database: SQLite or PostgreSQL behind one pool.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::{
        self, PgConnection, Row,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use tokio::{sync::Mutex, time::timeout};

use super::{
    config::{Config, DatabaseUrl},
    live::Hub,
};
use crate::error::AppError;

mod guard;
pub mod role;
mod scope;

pub use scope::{ReadTx, Scope, WriteTx};

/// How long a request waits for a connection before it is told that the
/// database is out of reach.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long it waits for its turn to write.
const PATIENCE_IN_QUEUE: Duration = Duration::from_secs(4);
/// How long whoever has the turn waits for another program to let go of the
/// file: together with the other wait, less than five seconds.
const PATIENCE_WITH_OTHERS: Duration = Duration::from_millis(800);

#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    /// SQLite has one writer at a time: they queue here, in order and without
    /// polling, and not in the database.
    writers: Option<Arc<Mutex<()>>>,
    is_guarded: bool,
    /// Told of every commit.
    live: Hub,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// As the program uses it: tenants are kept apart by the database, and
    /// nobody waits for long. The schema must be there.
    ///
    /// # Errors
    /// If the database can't be reached or opened.
    pub async fn connect(config: &Config) -> Result<Self, DbErr> {
        let url = &config.database_url;
        let usual = if url.sqlite_file().is_some() { 8 } else { 16 };
        let mut options = options(url)?;
        options
            .max_connections(config.database_connections.unwrap_or(usual))
            .map_sqlx_sqlite_pool_opts(|pool| {
                pool.after_connect(|connection, _| Box::pin(guard::install(connection)))
            })
            .test_before_acquire(false)
            .map_sqlx_postgres_pool_opts(|pool| {
                pool.before_acquire(|connection, _| Box::pin(is_between_transactions(connection)))
            })
            .map_sqlx_postgres_opts(|options| {
                options.options([("statement_timeout", "10000"), ("lock_timeout", "4000")])
            });
        Self::with(options, true).await
    }

    /// As whoever owns the tables: for the schema and for copies, which may
    /// take their time.
    ///
    /// # Errors
    /// If the database can't be reached or opened.
    pub async fn connect_as_owner(url: &DatabaseUrl) -> Result<Self, DbErr> {
        let mut options = options(url)?;
        options.max_connections(2);
        Self::with(options, false).await
    }

    async fn with(options: ConnectOptions, by_program: bool) -> Result<Self, DbErr> {
        let mut connection = sea_orm::Database::connect(options).await?;
        let statements = Arc::<AtomicU64>::default();
        let counted = Arc::clone(&statements);
        connection.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("atrium_database_statements_total").increment(1);
        });
        let is_sqlite = connection.get_database_backend() == DbBackend::Sqlite;
        Ok(Self {
            connection,
            writers: is_sqlite.then(Arc::default),
            is_guarded: is_sqlite && by_program,
            live: Hub::default(),
            statements,
        })
    }

    /// The pool itself, for what belongs to no tenant. The reason is for those
    /// who read the code.
    #[must_use]
    pub fn unscoped(&self, _why: &'static str) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins to read what the scope shows. On SQLite, where a scope shows as
    /// much as is asked for, there is no transaction.
    ///
    /// # Errors
    /// `Unavailable` if the database can't be reached.
    pub async fn read(&self, scope: Scope) -> Result<ReadTx, AppError> {
        if !self.is_postgres() {
            return Ok(ReadTx::Pool(self.connection.clone()));
        }
        let tx = self.connection.begin().await?;
        scope.set(&tx, true).await?;
        Ok(ReadTx::Transaction(tx))
    }

    /// Begins a transaction that writes what belongs to no tenant, until it
    /// enters one. On SQLite it waits for its turn and holds the write lock
    /// from the start.
    ///
    /// # Errors
    /// `Unavailable` if the database can't be reached.
    pub async fn write(&self, _why: &'static str) -> Result<WriteTx, AppError> {
        let turn = match &self.writers {
            Some(writers) => {
                let turn = timeout(PATIENCE_IN_QUEUE, Arc::clone(writers).lock_owned()).await;
                Some(turn.map_err(|_| AppError::Unavailable)?)
            }
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.connection.begin_with_options(options).await?;
        Ok(WriteTx::new(tx, turn, self.is_guarded, self.live.clone()))
    }

    /// Where those are who watch what is committed.
    #[must_use]
    pub fn live(&self) -> &Hub {
        &self.live
    }

    /// How many statements were run, without those that begin and end
    /// transactions.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    /// # Errors
    /// `Unavailable` if the database doesn't answer.
    pub async fn ping(&self) -> Result<(), AppError> {
        Ok(self.connection.ping().await?)
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// If one can't be closed.
    pub async fn close(self) -> Result<(), DbErr> {
        self.connection.close().await
    }
}

/// Whether a connection can be used by somebody else. Whoever is given up at the
/// moment when they begin a transaction leaves it open, unknown to the pool: the
/// next one would write into it. A statement by itself begins its own.
async fn is_between_transactions(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::raw_sql("SELECT now() = statement_timestamp()")
        .fetch_one(connection)
        .await?
        .try_get(0)
}

fn options(url: &DatabaseUrl) -> Result<ConnectOptions, DbErr> {
    if let Some(file) = url.sqlite_file() {
        create(&file)?;
    }
    let mut options = ConnectOptions::new(url.expose());
    options
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .sqlx_logging(false)
        // A file is there or it isn't: to ask each time would double what a
        // short query costs.
        .test_before_acquire(url.sqlite_file().is_none())
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(false)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                // Or what a REPLACE deletes would pass the guard.
                .pragma("recursive_triggers", "ON")
                .busy_timeout(PATIENCE_WITH_OTHERS)
        });
    Ok(options)
}

/// Makes an empty file. Only before connecting: one that goes away while the
/// program runs must not be replaced.
fn create(file: &Path) -> Result<(), DbErr> {
    let fault =
        |path: &Path, error: std::io::Error| DbErr::Custom(format!("{}: {error}", path.display()));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
    }
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .map_err(|error| fault(file, error))?;
    Ok(())
}
