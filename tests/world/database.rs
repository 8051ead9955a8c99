//! A database for one test alone.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

/// The URL of a new database: a file in that folder, or on the server that the
/// tests are to run on.
pub async fn create(folder: &Path) -> String {
    match server_url() {
        Some(server) => create_on(&server).await,
        None => format!("sqlite://{}", folder.join("test.db").display()),
    }
}

async fn create_on(server: &str) -> String {
    let name = format!("atrium_test_{}", Uuid::now_v7().simple());
    let admin: DatabaseConnection = sea_orm::Database::connect(server)
        .await
        .expect("TEST_DATABASE_URL");
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    format!("{base}/{name}")
}

fn server_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}
