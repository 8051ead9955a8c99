//! Measures the public API in one process with its client, and prints ratios
//! within this run: absolute figures say more of the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::time::Instant;

use atrium::{
    access::{KeyScope, KeyScopes},
    billing::Plan,
    entity::{api_key, deployment, environment, organization, project, user},
    id::{ApiKeyId, DeploymentId, OrgId, OrgSlug, ProjectId},
    program::{
        migrate::{self, Migrate},
        router::{router, walled},
        seed,
        site::Site,
    },
    projects::model::{DeploymentStatus, ProjectCard},
    server::{
        api_secret, clock::Clock, database::Database, hash::Hasher, mail::Mailer,
        services::Services, store::Store, token,
    },
};
use axum::{Json, Router, extract::State, routing::get};
use reqwest::Client;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};
use support::{Measured, measure, memory};
use tokio::net::TcpListener;

/// As many as a page of the API has if nothing is said.
const ROWS: u64 = 25;

struct Bench {
    services: Services,
    all: Database,
    organization: OrgId,
    key: String,
    api: String,
    bare: String,
    client: Client,
}

#[derive(Clone)]
struct Bare(Database, OrgId);

/// The query of the list and nothing else.
async fn bare(State(Bare(db, id)): State<Bare>) -> Json<Value> {
    let mut rows: Vec<ProjectCard> = project::Entity::find()
        .filter(project::Column::OrganizationId.eq(id))
        .order_by_desc(project::Column::Id)
        .limit(ROWS + 1)
        .into_partial_model()
        .all(db.unscoped("a bench"))
        .await
        .unwrap();
    let has_more = rows.len() as u64 > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap());
    Json(json!({ "data": rows, "has_more": has_more, "next_cursor": null }))
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

impl Bench {
    async fn start(folder: &std::path::Path) -> Self {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let path = |name: &str| folder.join(name).display().to_string();
        let database = format!("sqlite://{}", path("bench.db"));
        let storage = format!("file://{}", path("artifacts"));
        let line = ["--database-url", &database, "--storage-url", &storage];
        let config = support::config(&line);
        migrate::run(&config, Migrate::Up).await.unwrap();
        let all = Database::connect_as_owner(&config.database_url)
            .await
            .unwrap();
        let services = Services::new(
            config.clone(),
            Database::connect(&config).await.unwrap(),
            Clock::System,
            Hasher::new().unwrap(),
            Mailer::new(&config).unwrap(),
            Store::open(&config.storage_url).unwrap(),
            None,
        );
        seed::make(&services).await.unwrap();
        let slug = OrgSlug::parse("demo").unwrap();
        let demo = organization::Entity::find()
            .filter(organization::Column::Slug.eq(slug))
            .one(all.unscoped("a bench"))
            .await
            .unwrap()
            .unwrap();
        let leptos = leptos::config::LeptosOptions::builder()
            .output_name("atrium")
            .build();
        let site = Site::of(leptos).unwrap();
        let routes = Router::new()
            .route("/bare", get(bare))
            .with_state(Bare(services.db.clone(), demo.id));
        let bare = walled(routes, Router::new(), &services, &site);
        let bench = Self {
            api: serve(router(&services, &site)).await,
            bare: serve(bare).await,
            organization: demo.id,
            key: api_secret::generate().unwrap(),
            client: Client::new(),
            services,
            all,
        };
        bench.furnish().await;
        bench
    }

    /// A plan without limits, a key and a page full of projects.
    async fn furnish(&self) {
        let tx = self.all.write("a bench").await.unwrap();
        organization::Entity::update(organization::ActiveModel {
            id: Set(self.organization),
            plan: Set(Plan::Enterprise),
            ..Default::default()
        })
        .exec(&*tx)
        .await
        .unwrap();
        let owner = user::Entity::find()
            .order_by_asc(user::Column::Id)
            .one(&*tx)
            .await
            .unwrap()
            .unwrap();
        api_key::Entity::insert(api_key::ActiveModel {
            id: Set(ApiKeyId::generate()),
            organization_id: Set(self.organization),
            name: Set("Bench".into()),
            prefix: Set("atr_live_".into()),
            last_four: Set("0000".into()),
            hash: Set(token::hash(&self.key)),
            scopes: Set(KeyScopes::of(KeyScope::ALL)),
            created_by: Set(owner.id),
            created_at: Set(self.services.clock.now()),
            ..Default::default()
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for number in 0..20 {
            self.create(&self.key, &format!("Bench {number}")).await;
        }
    }

    async fn create(&self, key: &str, name: &str) -> u16 {
        let request = self.client.post(format!("{}/api/v1/projects", self.api));
        let request = request.bearer_auth(key).json(&json!({ "name": name }));
        request.send().await.unwrap().status().as_u16()
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/api/v1{path}", self.api));
        let answer = request.bearer_auth(&self.key).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// Gets something with the key, so many at a time.
    async fn load(&self, url: &str, concurrency: usize) -> Measured {
        let (client, url, key) = (self.client.clone(), url.to_owned(), self.key.clone());
        let get = move || {
            let sent = client.get(&url).bearer_auth(&key).send();
            async move {
                let answer = sent.await.unwrap();
                assert!(answer.status().is_success(), "{}", answer.status());
                answer.bytes().await.unwrap();
            }
        };
        measure(concurrency, get).await
    }

    async fn metered_against_bare(&self) {
        let listed = format!("{}/api/v1/projects", self.api);
        let bare = format!("{}/bare", self.bare);
        println!("GET /api/v1/projects, {ROWS} rows, with key and meter, against its query");
        for concurrency in [1, 16, 64] {
            let bare = self.load(&bare, concurrency).await;
            let metered = self.load(&listed, concurrency).await;
            println!(
                "  c = {concurrency:<3} {:>7.0}/s of {:>7.0}/s: ratio {:.2} (goal at 64: 0.50); p99 {:.1} ms, bare {:.1} ms; {:.0} MiB",
                metered.rate,
                bare.rate,
                metered.rate / bare.rate,
                metered.p99.as_secs_f64() * 1e3,
                bare.p99.as_secs_f64() * 1e3,
                memory(std::process::id())
            );
        }
    }

    /// So many deployments of a new project.
    async fn deployments(&self, count: usize) -> ProjectId {
        let list = self.get("/projects?limit=1").await;
        let id: ProjectId = list["data"][0]["id"].as_str().unwrap().parse().unwrap();
        let environment = environment::Entity::find()
            .filter(environment::Column::ProjectId.eq(id))
            .one(self.all.unscoped("a bench"))
            .await
            .unwrap()
            .unwrap();
        let now = self.services.clock.now();
        let row = |_| deployment::ActiveModel {
            id: Set(DeploymentId::generate()),
            organization_id: Set(self.organization),
            project_id: Set(id),
            environment_id: Set(environment.id),
            status: Set(DeploymentStatus::Ready),
            search_text: Set(String::new()),
            creator_type: Set("user".into()),
            creator_id: Set(environment.id.0),
            creator_name: Set("Bench".into()),
            created_at: Set(now),
            updated_at: Set(now),
            artifact_bytes: Set(0),
            ..Default::default()
        };
        let tx = self.all.write("a bench").await.unwrap();
        for _ in 0..count / 500 {
            deployment::Entity::insert_many((0..500).map(row))
                .exec_without_returning(&*tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    async fn first_page_against_the_last(&self) {
        let id = self.deployments(100_000).await;
        let list = format!("/projects/{id}/deployments?limit=100");
        let mut cursor = String::new();
        for _ in 1..1000 {
            let page = self.get(&format!("{list}{cursor}")).await;
            cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap());
        }
        let first = self.median(&list).await;
        let last = self.median(&format!("{list}{cursor}")).await;
        println!(
            "Page 1,000 of 100,000 deployments against page 1: {:.2} ms of {:.2} ms, ratio {:.2} (goal at most 1.50)",
            last * 1e3,
            first * 1e3,
            last / first
        );
    }

    /// How long a request takes, in seconds.
    async fn median(&self, path: &str) -> f64 {
        let mut took = Vec::new();
        for _ in 0..200 {
            let start = Instant::now();
            self.get(path).await;
            took.push(start.elapsed().as_secs_f64());
        }
        took.sort_by(f64::total_cmp);
        took[took.len() / 2]
    }

    /// Projects of nobody, as many as there may be beside one's own.
    async fn rows_of_others(&self, count: u64) {
        let sql = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO project SELECT CAST(printf('%016d', i) AS BLOB), \
             CAST(printf('o%015d', i / 10) AS BLOB), 'p' || i, 'p' || i, '', \
             '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00' FROM n"
        );
        let db = self.all.unscoped("a bench");
        db.execute_unprepared("PRAGMA foreign_keys = OFF")
            .await
            .unwrap();
        db.execute_unprepared("PRAGMA synchronous = OFF")
            .await
            .unwrap();
        db.execute_unprepared(&sql).await.unwrap();
    }

    /// How long it takes to create one, with the limit's count, in seconds.
    async fn creating(&self, round: &str) -> f64 {
        let mut took = Vec::new();
        for number in 0..100 {
            let start = Instant::now();
            assert_eq!(
                self.create(&self.key, &format!("{round} {number}")).await,
                201
            );
            took.push(start.elapsed().as_secs_f64());
        }
        took.sort_by(f64::total_cmp);
        took[took.len() / 2]
    }

    async fn creating_beside_others(&self) {
        let few = self.creating("Few").await;
        self.rows_of_others(10_000_000).await;
        let many = self.creating("Many").await;
        println!(
            "Creating a project beside 10,000,000 of others against beside none: {:.2} ms of {:.2} ms, ratio {:.2} (goal at most 1.50)",
            many * 1e3,
            few * 1e3,
            many / few
        );
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::start(folder.path()).await;
    bench.metered_against_bare().await;
    bench.first_page_against_the_last().await;
    bench.creating_beside_others().await;
}
