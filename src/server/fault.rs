//! What goes wrong inside, on its way out: logged once, here, with a
//! reference; told outside as that reference and nothing else.

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use uuid::Uuid;

use crate::error::AppError;

impl AppError {
    /// Logs a fault of ours and gives what may be told of it.
    #[must_use]
    pub fn internal(fault: &(dyn std::error::Error + 'static)) -> Self {
        let reference = Uuid::now_v7();
        tracing::error!(%reference, error = %chain(fault), "fault");
        Self::Internal { reference }
    }
}

/// An error and all that caused it, in one line.
#[must_use]
pub fn chain(fault: &(dyn std::error::Error + 'static)) -> String {
    let mut line = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        // It went while it was being changed.
        if matches!(error, DbErr::RecordNotUpdated) {
            return Self::NotFound;
        }
        if out_of_reach(&error) {
            tracing::warn!(error = %chain(&error), "the database is out of reach");
            return Self::Unavailable;
        }
        Self::internal(&error)
    }
}

fn out_of_reach(error: &DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Query(RuntimeErr::SqlxError(error)) | DbErr::Exec(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::Io(_) | Sqlx::WorkerCrashed => true,
                Sqlx::Database(error) => error.code().is_some_and(|code| passes_by_itself(&code)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Codes that say nothing of the statement: on PostgreSQL 57P, the server is
/// shutting down or starting, 57014 and 55P03, it took too long, mostly for a
/// lock, 40001 and 40P01, two transactions stood in each other's way; on SQLite
/// busy, locked, moved, unreadable, unopenable, not a database.
fn passes_by_itself(code: &str) -> bool {
    code.starts_with("57P")
        || matches!(code, "57014" | "55P03" | "40001" | "40P01")
        || code
            .parse::<u32>()
            .is_ok_and(|code| code < 10_000 && matches!(code & 0xff, 5 | 6 | 8 | 10 | 14 | 26))
}

/// Whether a row wasn't written because another one has its unique key.
#[must_use]
pub fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
