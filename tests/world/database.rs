//! A database for one test alone.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

pub struct TestDatabase {
    pub url: String,
}

impl TestDatabase {
    pub async fn create(folder: &Path) -> Self {
        match server_url() {
            Some(server) => Self::on_server(&server).await,
            None => Self {
                url: format!("sqlite://{}", folder.join("test.db").display()),
            },
        }
    }

    async fn on_server(server: &str) -> Self {
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
        Self {
            url: format!("{base}/{name}"),
        }
    }
}

/// The PostgreSQL server to test on, if it is to be that.
pub fn server_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}
