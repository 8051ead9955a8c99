//! A database for one test alone.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

/// What the names of all databases of tests begin with.
const PREFIX: &str = "atrium_test_";

/// A new database, as each of those reaches it who need one.
pub struct Urls {
    /// The program: on PostgreSQL, a role that may do no more than its work.
    pub program: String,
    /// Whoever owns the tables, and brings the schema forward.
    pub owner: String,
    /// Whoever sees all tenants at once, like the tests, and a backup.
    pub all: String,
}

/// A new database: a file in that folder, or on the server that the tests are to
/// run on.
pub async fn create(folder: &Path) -> Urls {
    match server_url() {
        Some(server) => create_on(&server).await,
        None => {
            let url = format!("sqlite://{}", folder.join("test.db").display());
            Urls {
                program: url.clone(),
                owner: url.clone(),
                all: url,
            }
        }
    }
}

const OWNER: &str = "atrium_test_owner";
const PROGRAM: &str = "atrium_test_program";

async fn create_on(server: &str) -> Urls {
    let name = format!("{PREFIX}{}", Uuid::now_v7().simple());
    for role in [OWNER, PROGRAM] {
        // Other tests may be at it at the same moment.
        let sql = format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD '{role}'; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        on_server(server, &sql).await;
    }
    on_server(server, &format!("CREATE DATABASE {name} OWNER {OWNER}")).await;
    let mut all = url::Url::parse(server).expect("TEST_DATABASE_URL");
    all.set_path(&name);
    let of = |role: &str| {
        let mut url = all.clone();
        url.set_username(role).unwrap();
        url.set_password(Some(role)).unwrap();
        url.into()
    };
    Urls {
        program: of(PROGRAM),
        owner: of(OWNER),
        all: all.into(),
    }
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
