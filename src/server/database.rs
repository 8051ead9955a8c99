//! The database: SQLite or PostgreSQL behind one pool.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::config::DatabaseUrl;
use crate::error::AppError;

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
}

impl Database {
    /// # Errors
    /// If the database can't be reached or opened.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, DbErr> {
        let sqlite = url.sqlite_file();
        if let Some(folder) = sqlite.as_ref().and_then(|file| file.parent()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| DbErr::Custom(format!("{}: {error}", folder.display())))?;
        }
        if let Some(file) = &sqlite {
            // Only here: a file that goes away while the program runs must not be
            // replaced by an empty one.
            std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(file)
                .map_err(|error| DbErr::Custom(format!("{}: {error}", file.display())))?;
        }
        let mut options = ConnectOptions::new(url.expose());
        options
            .max_connections(if sqlite.is_some() { 8 } else { 16 })
            .acquire_timeout(PATIENCE)
            .connect_timeout(PATIENCE)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|options| {
                options
                    .create_if_missing(false)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE_WITH_OTHERS)
            })
            .map_sqlx_postgres_opts(|options| {
                options.options([("statement_timeout", "10000"), ("lock_timeout", "4000")])
            });
        let connection = sea_orm::Database::connect(options).await?;
        let writers = sqlite.is_some().then(Arc::default);
        Ok(Self {
            connection,
            writers,
        })
    }

    /// The pool itself, for what looks across tenants or before one is known.
    /// The reason is for those who read the code.
    #[must_use]
    pub fn unscoped(&self, _why: &'static str) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins a transaction that writes. On SQLite it waits for its turn and
    /// holds the write lock from the start.
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
        Ok(WriteTx { tx, _turn: turn })
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
}

/// A transaction that writes; rolled back unless it is committed.
#[derive(Debug)]
pub struct WriteTx {
    tx: DatabaseTransaction,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl WriteTx {
    /// # Errors
    /// If the database refuses; nothing was written then.
    pub async fn commit(self) -> Result<(), AppError> {
        Ok(self.tx.commit().await?)
    }
}

impl std::ops::Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}
