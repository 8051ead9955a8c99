//! Who gets through which door. Each server function and each page must have
//! an expectation here, and meets it.

use std::collections::BTreeSet;

use atrium::{
    access::Role,
    app::App,
    projects::{api::CreateProject, model::NewProject},
};
use leptos_axum::generate_route_list;

use crate::world::{
    Browser, World,
    functions::{Expected, FUNCTIONS, Ids, MULTIPART, NO_PROJECT},
};

struct Cast {
    people: [Browser; 6],
    project: String,
}

async fn cast(w: &World) -> Cast {
    let owner = w.owner_of("acme").await;
    let new = NewProject {
        name: "Storefront".into(),
        description: String::new(),
    };
    let project = owner
        .call(CreateProject {
            org: "acme".to_owned().into(),
            new,
        })
        .await
        .unwrap()
        .id
        .to_string();
    let people = [
        owner,
        w.member_of("acme", Role::Admin).await,
        w.member_of("acme", Role::Member).await,
        w.member_of("acme", Role::Viewer).await,
        w.owner_of("other").await,
        w.visitor(),
    ];
    Cast { people, project }
}

impl Expected {
    fn list(&self) -> [u16; 6] {
        [
            self.owner,
            self.admin,
            self.member,
            self.viewer,
            self.outsider,
            self.signed_out,
        ]
    }
}

#[test]
fn every_server_function_has_an_expectation() {
    let registered: BTreeSet<String> = server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, "POST", "{path} must not be called by GET");
            path.strip_prefix("/_fn/")
                .unwrap_or_else(|| panic!("{path} has no stable address"))
                .to_owned()
        })
        .collect();
    let expected = FUNCTIONS
        .iter()
        .map(|function| function.name)
        .chain([MULTIPART]);
    assert_eq!(registered, expected.map(str::to_owned).collect());
}

#[tokio::test]
async fn every_server_function_lets_in_whom_it_should() {
    let w = World::new().await;
    let cast = cast(&w).await;
    for function in FUNCTIONS {
        let ids = Ids {
            project: cast.project.clone(),
            ..Ids::none("acme")
        };
        let body = ids.fill(function.arguments);
        let mut met = [0; 6];
        for (status, who) in met.iter_mut().zip(&cast.people) {
            *status = who
                .post(
                    &format!("/_fn/{}", function.name),
                    body.clone(),
                    "application/json",
                )
                .await
                .status
                .as_u16();
        }
        assert_eq!(met, function.expected.list(), "{}", function.name);
    }
}

#[tokio::test]
async fn an_image_is_for_those_who_manage() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        *status = who.send_image("acme").await.status.as_u16();
    }
    assert_eq!(met, [200, 200, 403, 403, 404, 401]);
    let digest = w.organization("acme").await.image.unwrap();
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        let image = who.get(&format!("/app/acme/image/{digest}")).await;
        *status = image.status.as_u16();
    }
    assert_eq!(met, [200, 200, 200, 200, 404, 401]);
}

/// A page of an organization without what differs for every answer, and the
/// address that was asked for.
async fn seen(who: &Browser, org: &str, page: &str) -> (u16, String) {
    let answer = who.get(&format!("/app/{org}{page}")).await;
    let id = answer.header("x-request-id").to_owned();
    let nonce = answer.header("content-security-policy");
    let nonce = nonce.split("'nonce-").nth(1).unwrap();
    let nonce = nonce.split('\'').next().unwrap().to_owned();
    let body = answer.body.replace(&id, "ID").replace(&nonce, "NONCE");
    (answer.status.as_u16(), body.replace(org, "ORG"))
}

#[tokio::test]
async fn a_page_of_others_looks_like_one_that_is_not_there() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let [_, _, _, _, outsider, _] = &cast.people;
    let project = format!("/projects/{}", cast.project);
    for page in [
        "",
        "/projects",
        "/projects/new",
        "/activity",
        "/settings",
        "/settings/members",
        "/settings/danger",
        "/reactivate",
        &project,
    ] {
        let foreign = seen(outsider, "acme", page).await;
        assert_eq!(foreign.0, 404, "{page}");
        assert_eq!(foreign, seen(outsider, "nope", page).await, "{page}");
    }
    // In one's own organization, what is another's and what isn't there.
    let foreign = seen(outsider, "other", &project).await;
    let missing = seen(outsider, "other", &format!("/projects/{NO_PROJECT}")).await;
    assert_eq!(foreign.0, 404);
    assert_eq!(foreign, missing);
    // And what is no page.
    for file in ["image/x", "audit.csv", "audit.jsonl"] {
        let told = async |org: &str| {
            let path = match file {
                "image/x" => format!("/app/{org}/{file}"),
                _ => format!("/api/app/{org}/{file}"),
            };
            let answer = outsider.get(&path).await;
            let id = answer.header("x-request-id").to_owned();
            (answer.status.as_u16(), answer.body.replace(&id, "ID"))
        };
        let foreign = told("acme").await;
        assert_eq!(foreign.0, 404, "{file}");
        assert_eq!(foreign, told("nope").await, "{file}");
    }
}

/// The pages, each with what it answers to those who act on `/app/acme`; 302
/// is the way to the sign-in page, or on.
fn pages(project: &str) -> Vec<(&'static str, String, [u16; 6])> {
    let own = |page: &str| format!("/app/acme{page}");
    vec![
        ("/", "/".into(), [200; 6]),
        ("/auth/signin", "/auth/signin".into(), [200; 6]),
        ("/auth/signup", "/auth/signup".into(), [200; 6]),
        ("/auth/check-mail", "/auth/check-mail".into(), [200; 6]),
        ("/auth/verify", "/auth/verify?token=x".into(), [200; 6]),
        ("/auth/forgot", "/auth/forgot".into(), [200; 6]),
        ("/auth/reset", "/auth/reset?token=x".into(), [200; 6]),
        (
            "/account",
            "/account".into(),
            [200, 200, 200, 200, 200, 302],
        ),
        ("/account/email", "/account/email?token=x".into(), [200; 6]),
        ("/app", "/app".into(), [302; 6]),
        (
            "/app/new",
            "/app/new".into(),
            [200, 200, 200, 200, 200, 302],
        ),
        ("/app/{org}", own(""), [200, 200, 200, 200, 404, 302]),
        (
            "/app/{org}/projects",
            own("/projects"),
            [200, 200, 200, 200, 404, 302],
        ),
        (
            "/app/{org}/projects/new",
            own("/projects/new"),
            [200, 200, 200, 403, 404, 302],
        ),
        (
            "/app/{org}/projects/{project}",
            own(&format!("/projects/{project}")),
            [200, 200, 200, 200, 404, 302],
        ),
        (
            "/app/{org}/activity",
            own("/activity"),
            [200, 200, 403, 403, 404, 302],
        ),
        (
            "/app/{org}/settings",
            own("/settings"),
            [200, 200, 403, 403, 404, 302],
        ),
        (
            "/app/{org}/settings/members",
            own("/settings/members"),
            [200, 200, 200, 200, 404, 302],
        ),
        (
            "/app/{org}/settings/danger",
            own("/settings/danger"),
            [200, 200, 200, 200, 404, 302],
        ),
        (
            "/app/{org}/reactivate",
            own("/reactivate"),
            [200, 200, 200, 200, 404, 302],
        ),
        ("/invitations/{token}", "/invitations/x".into(), [410; 6]),
        ("/_dev/gallery", "/_dev/gallery".into(), [200; 6]),
    ]
}

#[tokio::test]
async fn every_page_lets_in_whom_it_should() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let pages = pages(&cast.project);
    let known: BTreeSet<String> = generate_route_list(App)
        .iter()
        .map(|route| route.path().to_owned())
        .collect();
    assert_eq!(
        known,
        pages
            .iter()
            .map(|(route, ..)| (*route).to_owned())
            .collect()
    );
    for (route, path, expected) in pages {
        let mut met = [0; 6];
        for (status, who) in met.iter_mut().zip(&cast.people) {
            let page = who.get(&path).await;
            *status = page.status.as_u16();
            if *status == 200 {
                assert!(page.body.contains("<h1"), "{route} has a heading");
            }
        }
        assert_eq!(met, expected, "{route}");
    }
}

/// What is routed past Leptos, and where it is tried.
const ROUTES: [(&str, &str); 13] = [
    ("/healthz", "open to all: tests/configuration.rs"),
    ("/readyz", "open to all: tests/faults.rs"),
    ("/favicon.svg", "a file"),
    ("/favicon.ico", "a file"),
    ("/robots.txt", "a file"),
    ("/pkg", "files"),
    ("/fonts", "files"),
    ("/images", "files"),
    ("/_dev/mail", "in development: tests/wall.rs"),
    ("/_dev/mail/{file}", "in development: tests/wall.rs"),
    (
        "/app/{org}/image/{digest}",
        "an_image_is_for_those_who_manage",
    ),
    (
        "/api/app/{org}/audit.csv",
        "an_export_is_for_those_who_see_the_log",
    ),
    (
        "/api/app/{org}/audit.jsonl",
        "an_export_is_for_those_who_see_the_log",
    ),
];

#[test]
fn every_route_past_leptos_has_an_expectation() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/program");
    let known: BTreeSet<String> = ROUTES
        .iter()
        .map(|(route, _)| (*route).to_owned())
        .collect();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let code = source.split("#[cfg(test)]").next().unwrap();
        for call in [".route(", ".route_service(", ".nest_service("] {
            for (at, _) in code.match_indices(call) {
                let rest = code[at + call.len()..].trim_start();
                let path = rest
                    .strip_prefix('"')
                    .expect("a path that can be read here");
                found.insert(path[..path.find('"').unwrap()].to_owned());
            }
        }
    }
    assert_eq!(found, known);
}

#[tokio::test]
async fn an_export_is_for_those_who_see_the_log() {
    let w = World::new().await;
    let cast = cast(&w).await;
    w.put_on("acme", atrium::billing::Plan::Starter).await;
    for path in ["/api/app/acme/audit.csv", "/api/app/acme/audit.jsonl"] {
        let mut met = [0; 6];
        for (status, who) in met.iter_mut().zip(&cast.people) {
            let answer = who.get(path).await;
            *status = answer.status.as_u16();
            if *status != 200 {
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
        assert_eq!(met, [200, 200, 403, 403, 404, 401], "{path}");
    }
}
