//! A database for one test alone.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

/// What the names of all databases of tests begin with.
const PREFIX: &str = "atrium_test_";

/// The URL of a new database: a file in that folder, or on the server that the
/// tests are to run on.
pub async fn create(folder: &Path) -> String {
    match server_url() {
        Some(server) => create_on(&server).await,
        None => format!("sqlite://{}", folder.join("test.db").display()),
    }
}

async fn create_on(server: &str) -> String {
    let name = format!("{PREFIX}{}", Uuid::now_v7().simple());
    on_server(server, &format!("CREATE DATABASE {name}")).await;
    let mut url = url::Url::parse(server).expect("TEST_DATABASE_URL");
    url.set_path(&name);
    url.into()
}

/// Deletes the database of that URL from its server, whoever is still there.
pub fn drop_from_server(url: &str) {
    let url = url::Url::parse(url).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    let Some(server) = server_url().filter(|_| name.starts_with(PREFIX)) else {
        return;
    };
    // The test's own runtime may be at its end.
    let done = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        runtime.block_on(on_server(&server, &sql));
    });
    done.join().unwrap();
}

async fn on_server(server: &str, sql: &str) {
    let admin: DatabaseConnection = sea_orm::Database::connect(server)
        .await
        .expect("TEST_DATABASE_URL");
    admin.execute_unprepared(sql).await.unwrap();
    admin.close().await.unwrap();
}

fn server_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}
