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

pub struct Cast {
    pub people: [Browser; 6],
    pub project: String,
    pub environment: String,
    pub deployment: String,
}

pub async fn cast(w: &World) -> Cast {
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
        .id;
    let environment = w.environment(project).await;
    let deployment = w.deployment(&owner, project).await;
    let people = [
        owner,
        w.member_of("acme", Role::Admin).await,
        w.member_of("acme", Role::Member).await,
        w.member_of("acme", Role::Viewer).await,
        w.owner_of("other").await,
        w.visitor(),
    ];
    Cast {
        people,
        project: project.to_string(),
        environment: environment.to_string(),
        deployment: deployment.to_string(),
    }
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
            environment: cast.environment.clone(),
            deployment: cast.deployment.clone(),
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
        "/usage",
        "/settings/api-keys",
        "/settings",
        "/settings/members",
        "/settings/billing",
        "/settings/billing/change?plan=PRO",
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
fn pages(project: &str, deployment: &str) -> Vec<(&'static str, String, [u16; 6])> {
    let own = |page: &str| format!("/app/acme{page}");
    vec![
        ("/", "/".into(), [200; 6]),
        ("/pricing", "/pricing".into(), [200; 6]),
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
            "/app/{org}/projects/{project}/settings",
            own(&format!("/projects/{project}/settings")),
            [200, 200, 200, 403, 404, 302],
        ),
        (
            "/app/{org}/projects/{project}/deployments/new",
            own(&format!("/projects/{project}/deployments/new")),
            [200, 200, 200, 403, 404, 302],
        ),
        (
            "/app/{org}/projects/{project}/deployments/{deployment}",
            own(&format!("/projects/{project}/deployments/{deployment}")),
            [200, 200, 200, 200, 404, 302],
        ),
        (
            "/app/{org}/usage",
            own("/usage"),
            [200, 200, 200, 200, 404, 302],
        ),
        (
            "/app/{org}/settings/api-keys",
            own("/settings/api-keys"),
            [200, 200, 403, 403, 404, 302],
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
            "/app/{org}/settings/billing",
            own("/settings/billing"),
            [200, 403, 403, 403, 404, 302],
        ),
        (
            "/app/{org}/settings/billing/change",
            own("/settings/billing/change?plan=PRO"),
            [409, 403, 403, 403, 404, 302],
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
        ("/api/docs", "/api/docs".into(), [200; 6]),
        ("/invitations/{token}", "/invitations/x".into(), [410; 6]),
        ("/_dev/gallery", "/_dev/gallery".into(), [200; 6]),
    ]
}

#[tokio::test]
async fn every_page_lets_in_whom_it_should() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let pages = pages(&cast.project, &cast.deployment);
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
