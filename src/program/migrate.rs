//! The schema: forward, back, and where it stands.

use clap::Subcommand;
use migration::{Migrator, MigratorTrait};
use sea_orm::DbErr;

use super::Failure;
use crate::server::{
    config::Config,
    database::{Database, role},
};

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

/// On SQLite the program is alone with its database and brings it up to date.
///
/// # Errors
/// If a migration can't be applied.
pub async fn prepare(config: &Config) -> Result<(), Failure> {
    if config.database_url.sqlite_file().is_none() {
        return Ok(());
    }
    let db = connect(config).await?;
    up(&db).await?;
    Ok(db.close().await?)
}

/// # Errors
/// If the database fails.
pub async fn run(config: &Config, what: Migrate) -> Result<(), Failure> {
    let db = connect(config).await?;
    match what {
        Migrate::Up => {
            up(&db).await?;
            grant(config, &db).await
        }
        Migrate::Down => Ok(down(&db, Some(1)).await?),
        Migrate::Status => {
            let connection = db.unscoped("the schema is nobody's");
            for step in Migrator::get_migration_with_status(connection).await? {
                println!("{:<44} {}", step.name(), step.status());
            }
            Ok(())
        }
    }
}

async fn connect(config: &Config) -> Result<Database, Failure> {
    let name = match config.migration_database_url {
        Some(_) => "MIGRATION_DATABASE_URL",
        None => "DATABASE_URL",
    };
    Database::connect_as_owner(config.owner_url())
        .await
        .map_err(|error| Failure(format!("{name}: {error}")))
}

/// Gives the program's role what it needs of the tables, if it is another than
/// the one that owns them.
async fn grant(config: &Config, owner: &Database) -> Result<(), Failure> {
    match (config.database_url.role(), config.owner_url().role()) {
        (Some(program), Some(owning)) if program != owning => role::grant(owner, &program)
            .await
            .map_err(|error| Failure(format!("the role of DATABASE_URL: {error}"))),
        _ => Ok(()),
    }
}
