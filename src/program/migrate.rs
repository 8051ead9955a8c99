//! The schema: forward, back, and where it stands.

use clap::Subcommand;
use migration::{Migrator, MigratorTrait};
use sea_orm::DbErr;

use crate::server::database::Database;

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Migrate {
    /// Apply all pending migrations
    Up,
    /// Take the last migration back
    Down,
    /// List the migrations and whether they were applied
    Status,
}

/// # Errors
/// If a migration can't be applied.
pub async fn up(db: &Database) -> Result<(), DbErr> {
    Migrator::up(db.unscoped("the schema is nobody's"), None).await
}

/// # Errors
/// If the migration can't be taken back.
pub async fn down(db: &Database, steps: Option<u32>) -> Result<(), DbErr> {
    Migrator::down(db.unscoped("the schema is nobody's"), steps).await
}

/// # Errors
/// If the database fails.
pub async fn run(db: &Database, what: Migrate) -> Result<(), DbErr> {
    match what {
        Migrate::Up => up(db).await,
        Migrate::Down => down(db, Some(1)).await,
        Migrate::Status => {
            let connection = db.unscoped("the schema is nobody's");
            for step in Migrator::get_migration_with_status(connection).await? {
                println!("{:<44} {}", step.name(), step.status());
            }
            Ok(())
        }
    }
}
