//! Two organizations, one of which is full of canaries: as every role of the
//! other, everything is tried with the ids of both in every position, and no
//! canary is heard.

use std::io::Write;
use std::sync::{Arc, Mutex};

use atrium::{
    access::{KeyScope, Role},
    billing::Plan,
    projects::{api::CreateProject, model::NewProject},
    team::api::GetTeam,
};
use sea_orm::{ConnectionTrait, Statement};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::world::{
    Browser, World,
    functions::{FUNCTIONS, Ids},
};

const CANARY: &str = "zq7canary";

/// What all addresses of its people end with, which is a canary as well.
const THEIRS: &str = "@rival.test";

fn is_heard(text: &str) -> bool {
    text.contains(CANARY) || text.contains(THEIRS)
}

/// All that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn listen() -> Log {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("debug,atrium=trace"))
        .with_writer(log.clone())
        .init();
    log
}

/// Everything that an organization can have, and its ids.
async fn furnished(w: &World, slug: &str, owner: &Browser) -> Ids {
    w.put_on(slug, Plan::Enterprise).await;
    let org: atrium::id::OrgSlug = slug.to_owned().into();
    let new = NewProject {
        name: format!("Project of {slug}"),
        description: "What it is for".into(),
    };
    let create = CreateProject {
        org: org.clone(),
        new,
    };
    let project = owner.call(create).await.unwrap().id;
    let by = w.user(&format!("owner@{slug}.test")).await;
    w.invitation(slug, &format!("guest@{slug}.test"), Role::Viewer, by)
        .await;
    let spare = w.account(&format!("spare@{slug}.test")).await;
    w.join(slug, spare, Role::Viewer).await;
    assert!(owner.send_image(slug).await.status.is_success());
    let deployment = w.deployment(owner, project).await;
    let path = format!("/api/app/{slug}/deployments/{deployment}/artifact");
    let stored = owner.send_file(&path, "x.txt", slug.as_bytes()).await;
    assert_eq!(stored.status, 303);
    let email = format!("owner@{slug}.test");
    let (key, _) = w.key(slug, &email, &KeyScope::ALL).await;
    let team = owner.call(GetTeam { org }).await.unwrap();
    Ids {
        org: slug.to_owned(),
        project: project.to_string(),
        invitation: team.invitations[0].id.to_string(),
        member: spare.to_string(),
        environment: w.environment(project).await.to_string(),
        deployment: deployment.to_string(),
        key: key.to_string(),
    }
}

/// What the program reads as one of a few words, and what stands in addresses.
const WORDS: [&str; 17] = [
    "artifact_location",
    "artifact_type",
    "creator_type",
    "last_four",
    "location",
    "role",
    "scopes",
    "status",
    "plan",
    "subscription_status",
    "slug",
    "action",
    "actor_type",
    "entity_type",
    "content_type",
    "image",
    "email",
];

/// Fills every text of an organization, and of its people, with canaries.
async fn fill_with_canaries(w: &World, slug: &str) {
    let db = w.look();
    let is_postgres = w.services.db.is_postgres();
    let columns = if is_postgres {
        "SELECT table_name::text AS t, column_name::text AS c, data_type::text AS k FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type IN ('character varying', 'text', 'json', 'jsonb')"
    } else {
        "SELECT t.name AS t, c.name AS c, lower(c.type) AS k FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND (c.type LIKE 'varchar%' OR c.type LIKE 'json%' OR c.type LIKE 'text%')"
    };
    let backend = db.get_database_backend();
    let columns = db
        .query_all_raw(Statement::from_string(backend, columns))
        .await
        .unwrap();
    let organization = w.organization(slug).await.id;
    let ours = "SELECT id FROM organization WHERE slug = ";
    let mut filled = 0;
    for row in columns {
        let (table, column, kind): (String, String, String) = (
            row.try_get("", "t").unwrap(),
            row.try_get("", "c").unwrap(),
            row.try_get("", "k").unwrap(),
        );
        let of = match table.as_str() {
            "organization" => format!("slug = '{slug}'"),
            "user" => format!("email LIKE '%@{slug}.test'"),
            "api_key"
            | "artifact_upload"
            | "audit_log"
            | "deployment"
            | "environment"
            | "invitation"
            | "organization_image"
            | "organization_member"
            | "organization_slug"
            | "project" => format!("organization_id IN ({ours}'{slug}')"),
            _ => continue,
        };
        if WORDS.contains(&column.as_str()) || column == "password_hash" {
            continue;
        }
        let value = if kind.starts_with("json") {
            format!("'{{\"c\": \"{CANARY}\"}}'")
        } else {
            format!("'{CANARY}'")
        };
        let sql = format!("UPDATE \"{table}\" SET {column} = {value} WHERE {of}");
        let done = db.execute_unprepared(&sql).await.unwrap();
        filled += done.rows_affected();
    }
    assert!(filled > 20, "{filled} texts of {organization}");
}

/// Whether somebody of the other organization would hear it, and where.
struct Ear {
    heard: Vec<String>,
    answers: usize,
}

impl Ear {
    async fn hear(&mut self, what: String, answer: reqwest::Response) -> (u16, String) {
        self.answers += 1;
        let status = answer.status();
        let mut told = answer.headers().clone();
        told.remove("x-request-id");
        told.remove("date");
        let headers = format!("{told:?}");
        let body = answer.bytes().await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        if is_heard(&headers) || is_heard(&body) {
            self.heard.push(what.clone());
        }
        assert!(!status.is_server_error(), "{what}: {status}");
        (status.as_u16(), headers + &body)
    }

    async fn call(&mut self, who: &Browser, name: &str, body: String) -> (u16, String) {
        let request = who
            .raw()
            .post(who.at(&format!("/_fn/{name}")))
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body.clone()).send().await.unwrap();
        self.hear(format!("{name} {body}"), answer).await
    }

    async fn get(&mut self, who: &Browser, path: &str) -> (u16, String) {
        let request = who.raw().get(who.at(path)).header("accept", "text/html");
        let answer = request.send().await.unwrap();
        self.hear(path.to_owned(), answer).await
    }
}

/// They end the session or the membership that they are tried with.
const LAST: [&str; 3] = ["sign_out", "sign_out_everywhere", "leave_organization"];

/// Every page there is, and what is routed past them.
fn pages(ids: &Ids, other: &Ids, image: &str) -> Vec<String> {
    let org = &ids.org;
    let filters = format!("actor={}&entity={}", other.member, other.project);
    let routes = leptos_axum::generate_route_list(atrium::app::App);
    let pages = routes
        .iter()
        .map(|route| ids.fill(route.path()).replace("{token}", &other.invitation));
    pages
        .chain([
            format!("/app/{org}/projects/{}", other.project),
            format!("/app/{org}/projects?after={}", other.project),
            format!("/app/{org}/projects?before={}", other.project),
            format!("/app/{org}/activity?{filters}"),
            format!(
                "/app/{org}/projects/{}/deployments/{}",
                ids.project, other.deployment
            ),
            format!(
                "/app/{org}/projects/{}?environment={}",
                ids.project, other.environment
            ),
            format!("/api/app/{org}/deployments/{}/artifact", other.deployment),
            format!("/app/{org}/image/{image}"),
            format!("/api/app/{org}/audit.csv"),
            format!("/api/app/{org}/audit.jsonl?{filters}"),
            format!("/api/app/{org}/audit.csv?entity={}", other.member),
            "/app?choose".to_owned(),
        ])
        .collect()
}

#[tokio::test]
async fn no_canary_is_heard() {
    let log = listen();
    let w = World::new().await;
    let cast = [
        w.owner_of("acme").await,
        w.member_of("acme", Role::Admin).await,
        w.member_of("acme", Role::Member).await,
        w.member_of("acme", Role::Viewer).await,
        w.person("outsider@example.com").await,
        w.visitor(),
    ];
    let own = furnished(&w, "acme", &cast[0]).await;
    let rival = w.owner_of("rival").await;
    let foreign = furnished(&w, "rival", &rival).await;
    fill_with_canaries(&w, "rival").await;
    let page = rival.get("/app/rival/settings/members").await;
    assert!(page.body.contains(CANARY), "its own people hear it");
    let image = w.organization("rival").await.image.unwrap();
    let by = w.user("owner@acme.test").await;
    let token = w
        .invitation("acme", "new@acme.test", Role::Viewer, by)
        .await;
    assert_eq!(
        w.visitor()
            .get(&format!("/invitations/{token}"))
            .await
            .status,
        200
    );

    let mut ear = Ear {
        heard: Vec::new(),
        answers: 0,
    };
    let mixed = [
        own.clone(),
        foreign.clone(),
        Ids {
            org: own.org.clone(),
            ..foreign.clone()
        },
        Ids {
            org: foreign.org.clone(),
            ..own.clone()
        },
    ];
    for who in &cast {
        for ids in &mixed {
            for page in pages(ids, &foreign, &image) {
                ear.get(who, &page).await;
            }
            for function in FUNCTIONS
                .iter()
                .filter(|function| !LAST.contains(&function.name))
            {
                ear.call(who, function.name, ids.fill(function.arguments))
                    .await;
            }
        }
    }
    for name in LAST {
        for who in &cast {
            ear.call(who, name, foreign.fill("org={org}")).await;
        }
    }
    assert_eq!(ear.heard, Vec::<String>::new());
    assert!(ear.answers > 1_000, "{}", ear.answers);

    for mail in w.all_mail().await {
        let is_to_them = mail.contains("To: ") && mail.contains(THEIRS);
        assert!(is_to_them || !is_heard(&mail), "{mail}");
    }
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("answered"), "something was logged");
    assert!(!is_heard(&log), "in the log");
    assert!(!log.contains(&token), "nor what is worth a seat");
}

#[tokio::test]
async fn what_is_another_organizations_does_not_exist() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let own = furnished(&w, "acme", &owner).await;
    let rival = w.owner_of("rival").await;
    let foreign = furnished(&w, "rival", &rival).await;
    let mut ear = Ear {
        heard: Vec::new(),
        answers: 0,
    };
    for function in FUNCTIONS {
        let arguments = function
            .arguments
            .replace("new[name]=", "new[name]=x")
            .replace("new[commit_sha]=x", "new[commit_sha]=abcd");
        // An organization of others, and one that isn't there.
        if arguments.contains("{org}") {
            let theirs = ear
                .call(&owner, function.name, foreign.fill(&arguments))
                .await;
            let nobodys = Ids {
                org: "nowhere".into(),
                ..foreign.clone()
            };
            let nobodys = ear
                .call(&owner, function.name, nobodys.fill(&arguments))
                .await;
            assert_eq!(theirs.0, 404, "{}", function.name);
            assert_eq!(theirs, nobodys, "{}", function.name);
        }
        // In one's own organization, something of others, and something that
        // isn't there.
        let has_ids = [
            "{project}",
            "{invitation}",
            "{member}",
            "{environment}",
            "{deployment}",
            "{key}",
        ]
        .iter()
        .any(|id| arguments.contains(id));
        // What only filters by an id finds nothing, and says no more.
        if has_ids && function.name != "get_activity" {
            let arguments =
                arguments.replace("confirmation=", &format!("confirmation={}", own.org));
            let theirs = Ids {
                org: own.org.clone(),
                ..foreign.clone()
            };
            let theirs = ear
                .call(&owner, function.name, theirs.fill(&arguments))
                .await;
            let missing = Ids::none(&own.org).fill(&arguments);
            let missing = ear.call(&owner, function.name, missing).await;
            assert_eq!(theirs.0, 404, "{}", function.name);
            assert_eq!(theirs, missing, "{}", function.name);
        }
    }
}
