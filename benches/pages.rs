//! Measures the program as it is built for release, over HTTP on loopback, and
//! prints ratios within this run: absolute figures say more of the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use atrium::{
    entity::{organization, organization_member, project, session, user},
    program::seed::PASSWORD,
    server::{database::Database, hash::Hasher},
};
use reqwest::Client;
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use support::{Measured, get, measure, memory, sign_in};

const PORT: u16 = 3397;

/// Where that path is served.
fn at(path: &str) -> String {
    format!("http://127.0.0.1:{PORT}{path}")
}

struct Server {
    child: Option<Child>,
    folder: tempfile::TempDir,
}

impl Server {
    fn run(&self, argument: &str) -> Child {
        let file = self.folder.path().join("bench.db");
        Command::new("target/release/atrium")
            .arg(argument)
            .env("DATABASE_URL", format!("sqlite://{}", file.display()))
            .env("MAIL_DIR", self.folder.path().join("mail"))
            .env("PORT", PORT.to_string())
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .expect("target/release/atrium, which `make bench` builds")
    }

    /// With the demo in its database, and not serving yet.
    fn seeded() -> Self {
        let server = Self {
            child: None,
            folder: tempfile::tempdir().unwrap(),
        };
        assert!(server.run("seed").wait().unwrap().success());
        server
    }

    /// Resident memory in MiB.
    fn memory(&self) -> f64 {
        memory(self.child.as_ref().unwrap().id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ended = child.kill().and_then(|()| child.wait());
        }
    }
}

/// Everyone of the demo: nobody may try many passwords at once.
const PEOPLE: [&str; 5] = [
    "owner%40demo.test",
    "admin%40demo.test",
    "member%40demo.test",
    "viewer%40demo.test",
    "owner%40rival.test",
];

/// The queries of the projects page, without anything around them.
async fn bare_queries(db: &DatabaseConnection) {
    let session = session::Entity::find().one(db).await.unwrap().unwrap();
    let user = user::Entity::find_by_id(session.user_id.unwrap())
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let mine = || {
        organization_member::Entity::find()
            .find_also_related(organization::Entity)
            .filter(organization_member::Column::UserId.eq(user.id))
    };
    let (_, org) = mine()
        .filter(organization::Column::Slug.eq("demo"))
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let own = project::Entity::find().filter(project::Column::OrganizationId.eq(org.unwrap().id));
    own.clone().count(db).await.unwrap();
    mine()
        .order_by_asc(organization::Column::Name)
        .all(db)
        .await
        .unwrap();
    mine()
        .filter(organization::Column::Slug.eq("demo"))
        .one(db)
        .await
        .unwrap();
    own.clone().count(db).await.unwrap();
    own.order_by_desc(project::Column::Id)
        .limit(26)
        .all(db)
        .await
        .unwrap();
}

fn line(what: &str, at_a_time: usize, measured: &Measured) {
    println!(
        "{what:<34} c={at_a_time:<3} {:>8.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms",
        measured.rate,
        measured.p50.as_secs_f64() * 1e3,
        measured.p99.as_secs_f64() * 1e3,
    );
}

async fn pages(client: &Client, db: &Database) {
    for at_a_time in [1, 16, 64] {
        let page = measure(at_a_time, get(client, at("/app/demo/projects"))).await;
        let connection = db.unscoped("a benchmark").clone();
        let bare = measure(at_a_time, move || {
            let connection = connection.clone();
            async move { bare_queries(&connection).await }
        })
        .await;
        let file = measure(at_a_time, get(client, at("/fonts/inter.woff2"))).await;
        line("projects page, signed in", at_a_time, &page);
        line("its bare queries", at_a_time, &bare);
        line("a static file of 22 KB", at_a_time, &file);
        println!(
            "  page / bare queries {:.2} (goal 0.25)   p99 / p50 {:.1} (goal 3)\n",
            page.rate / bare.rate,
            page.p99.as_secs_f64() / page.p50.as_secs_f64(),
        );
    }
}

async fn signing_in(client: &Client) {
    let idle = measure(1, get(client, at("/app/demo/projects"))).await;
    // Keeps no cookies: each sign-in is somebody else's.
    let strangers = Client::new();
    let turn = Arc::new(AtomicUsize::new(0));
    let sign_ins = move || {
        let (strangers, turn) = (strangers.clone(), turn.fetch_add(1, Ordering::Relaxed));
        async move {
            sign_in(&strangers, &at(""), PEOPLE[turn % PEOPLE.len()]).await;
        }
    };
    let others = tokio::spawn(measure(16, sign_ins.clone()));
    let viewer = measure(1, get(client, at("/app/demo/projects"))).await;
    others.await.unwrap();
    let alone = measure(16, sign_ins).await;
    let hasher = Hasher::new().unwrap();
    let phc = hasher.hash(PASSWORD.into()).await.unwrap();
    let hashes = measure(16, move || {
        let (hasher, phc) = (hasher.clone(), phc.clone());
        async move { assert!(hasher.verify(PASSWORD.into(), Some(phc)).await.unwrap()) }
    })
    .await;
    line("a viewer, nobody else", 1, &idle);
    line("a viewer while 16 sign in", 1, &viewer);
    line("signing in, nobody else", 16, &alone);
    line("bare hashes, as many at a time", 16, &hashes);
    println!(
        "  viewer's p50 / idle {:.1} (goal 3)   sign-ins / bare hashes {:.2} (goal 0.90)\n",
        viewer.p50.as_secs_f64() / idle.p50.as_secs_f64(),
        alone.rate / hashes.rate,
    );
}

/// What a browser loads first, as it is sent.
async fn first_load(client: &Client) {
    let page = client
        .get(at("/app/demo"))
        .header("accept-encoding", "br")
        .send();
    let mut sum = page.await.unwrap().bytes().await.unwrap().len();
    println!("{:<34} {:>8.1} KB", "first load: page", sum as f64 / 1024.0);
    let built = std::fs::read_dir("target/site/pkg")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sent = built.filter(|path| {
        ["wasm.br", "js.br", "css.br"]
            .iter()
            .any(|ending| path.to_str().unwrap().ends_with(ending))
    });
    for path in sent.chain([Path::new("target/site/fonts/inter.woff2").to_path_buf()]) {
        let size = std::fs::metadata(&path).unwrap().len() as usize;
        sum += size;
        println!(
            "{:<34} {:>8.1} KB",
            path.extension()
                .map_or("", |_| path.file_name().unwrap().to_str().unwrap()),
            size as f64 / 1024.0
        );
    }
    println!(
        "{:<34} {:>8.1} KB (limit 200)",
        "together",
        sum as f64 / 1024.0
    );
}

#[tokio::main]
async fn main() {
    // The client wants one even where nothing is encrypted.
    let _first = rustls::crypto::ring::default_provider().install_default();
    let mut server = Server::seeded();
    let begun = Instant::now();
    server.child = Some(server.run("serve"));
    let client = Client::builder().cookie_store(true).build().unwrap();
    while client.get(at("/healthz")).send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    println!(
        "cold start to the first answer     {:>8.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    println!(
        "memory, idle                       {:>8.0} MiB\n",
        server.memory()
    );
    sign_in(&client, &at(""), PEOPLE[0]).await;
    let url = format!(
        "sqlite://{}",
        server.folder.path().join("bench.db").display()
    );
    let db = Database::connect_as_owner(&url.parse().unwrap())
        .await
        .unwrap();
    pages(&client, &db).await;
    signing_in(&client).await;
    println!(
        "memory, after that                 {:>8.0} MiB\n",
        server.memory()
    );
    first_load(&client).await;
}
