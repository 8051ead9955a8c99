//! Keys: made, used, rotated and revoked.

use atrium::{
    access::{KeyScope, Role},
    api_keys::{
        api::{CreateApiKey, ListApiKeys, RevokeApiKey, RotateApiKey},
        model::{NewKey, Overlap},
    },
    billing::SubscriptionStatus,
    entity::api_key,
    error::{AppError, Problem},
};
use chrono::TimeDelta;
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::json;

use super::project;
use crate::world::{
    World, acme,
    client::{Program, told},
};

/// The key that the page shows once.
fn shown(page: &str) -> String {
    let at = page.find("atr_live_").expect("a key");
    page[at..at + 47].to_owned()
}

#[tokio::test]
async fn a_key_is_shown_once_and_works() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let new = NewKey {
        name: "CI".into(),
        read: true,
        ..NewKey::default()
    };
    owner.call(CreateApiKey { org: acme(), new }).await.unwrap();
    let page = owner.get("/app/acme/settings/api-keys").await;
    let key = shown(&page.body);
    let again = owner.get("/app/acme/settings/api-keys").await;
    assert!(!again.body.contains(&key));
    assert!(again.body.contains(&key[key.len() - 4..]));
    let program = Program::new(&w.visitor(), &key);
    assert_eq!(program.get("/projects").await.status(), 200);
    // Nothing but its hash is kept, and no log has it.
    let rows = api_key::Entity::find().all(w.look()).await.unwrap();
    assert!(!format!("{rows:?}").contains(&key));
    let told = w.audit("acme").await;
    assert!(!format!("{told:?}").contains(&key[13..]));
}

#[tokio::test]
async fn a_key_needs_a_name_and_a_scope() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let new = NewKey::default();
    let refused = owner.call(CreateApiKey { org: acme(), new }).await;
    let Err(AppError::Invalid { errors }) = refused else {
        panic!("{refused:?}");
    };
    let problems: Vec<_> = errors.iter().map(|error| &error.problem).collect();
    assert_eq!(problems, [&Problem::Missing, &Problem::NothingChosen]);
}

/// A key that nobody made.
pub fn altered(key: &str) -> String {
    let last = if key.ends_with('x') { 'y' } else { 'x' };
    format!("{}{last}", &key[..key.len() - 1])
}

#[tokio::test]
async fn only_a_good_key_opens_the_door() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    let key = program.key.clone();
    let as_query = format!("/projects?api_key={key}");
    let plain = w.visitor();
    for (header, path) in [
        (None, "/projects"),
        (None, as_query.as_str()),
        (Some(key.clone()), "/projects"),
        (Some(format!("Basic {key}")), "/projects"),
        (Some(format!("Bearer {}", altered(&key))), "/projects"),
        (Some(format!("Bearer {key} ")), "/nothing"),
        (Some("Bearer ".to_owned()), "/projects"),
    ] {
        let request = plain.raw().get(plain.at(&format!("/api/v1{path}")));
        let request = match &header {
            Some(header) => request.header("authorization", header),
            None => request,
        };
        let refused = told(request).await;
        let expected = if path == "/nothing" { 404 } else { 401 };
        assert_eq!(refused.status(), expected, "{header:?} {path}");
        if expected == 401 {
            assert_eq!(refused.page.header("www-authenticate"), "Bearer");
            assert_eq!(refused.text("/code"), "invalid_api_key");
        }
    }
    let twice = plain.raw().get(plain.at("/api/v1/projects"));
    let twice = twice.bearer_auth(&key).bearer_auth(&key);
    assert_eq!(told(twice).await.status(), 401);
    let other = "bearer".to_owned() + " " + &key;
    let request = plain.raw().get(plain.at("/api/v1/projects"));
    assert_eq!(
        told(request.header("authorization", other)).await.status(),
        200
    );
}

#[tokio::test]
async fn a_revoked_key_ends_at_once_and_an_expired_one_in_time() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let (id, key) = w.key("acme", "owner@acme.test", &[KeyScope::Read]).await;
    let program = Program::new(&w.visitor(), &key);
    assert_eq!(program.get("/projects").await.status(), 200);
    owner
        .call(RevokeApiKey {
            org: acme(),
            key: id,
        })
        .await
        .unwrap();
    assert_eq!(program.get("/projects").await.status(), 401);
    let twice = owner
        .call(RevokeApiKey {
            org: acme(),
            key: id,
        })
        .await;
    assert_eq!(twice, Err(AppError::NotFound));
    let (_, key) = w.key("acme", "owner@acme.test", &[KeyScope::Read]).await;
    let program = Program::new(&w.visitor(), &key);
    w.wait(TimeDelta::days(364));
    assert_eq!(program.get("/projects").await.status(), 200);
    w.wait(TimeDelta::days(2));
    assert_eq!(program.get("/projects").await.status(), 401);
}

#[tokio::test]
async fn a_rotated_key_goes_on_for_a_while() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let (id, old) = w.key("acme", "owner@acme.test", &[KeyScope::Read]).await;
    let rotate = RotateApiKey {
        org: acme(),
        key: id,
        overlap: Overlap::Hour,
    };
    owner.call(rotate).await.unwrap();
    let new = shown(&owner.get("/app/acme/settings/api-keys").await.body);
    assert_ne!(old, new);
    let [old, new] = [old, new].map(|key| Program::new(&w.visitor(), &key));
    for program in [&old, &new] {
        assert_eq!(program.get("/projects").await.status(), 200);
        let write = program.post("/projects", json!({ "name": "x" })).await;
        assert_eq!(write.text("/code"), "missing_scope");
    }
    w.wait(TimeDelta::minutes(61));
    assert_eq!(old.get("/projects").await.status(), 401);
    assert_eq!(new.get("/projects").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_has_one_successor() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let (key, _) = w.key("acme", "owner@acme.test", &[KeyScope::Read]).await;
    let rotate = || RotateApiKey {
        org: acme(),
        key,
        overlap: Overlap::Hour,
    };
    let all = (0..5).map(|_| owner.call(rotate()));
    let rotated = futures_util::future::join_all(all).await;
    let made = rotated.iter().filter(|rotated| rotated.is_ok()).count();
    let refused = rotated
        .iter()
        .filter(|rotated| matches!(rotated, Err(AppError::NotFound)))
        .count();
    assert_eq!((made, refused), (1, 4));
    let rows = api_key::Entity::find().all(w.look()).await.unwrap();
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn a_key_does_no_more_than_its_maker_may_do_now() {
    let w = World::new().await;
    w.owner_of("acme").await;
    w.put_on("acme", atrium::billing::Plan::Enterprise).await;
    w.member_of("acme", Role::Member).await;
    let (_, key) = w.key("acme", "member@acme.test", &KeyScope::ALL).await;
    let program = Program::new(&w.visitor(), &key);
    let made = program.post("/projects", json!({ "name": "One" })).await;
    assert_eq!(made.status(), 201);
    let gone = program
        .delete(&format!("/projects/{}", made.text("/id")))
        .await;
    assert_eq!(
        (gone.status(), gone.text("/needs").as_str()),
        (403, "project:delete")
    );
    assert_eq!(program.get("/audit-logs").await.status(), 403);
    let user = w.user("member@acme.test").await;
    w.expel("acme", user).await;
    assert_eq!(program.get("/projects").await.status(), 403);
    w.join("acme", user, Role::Viewer).await;
    assert_eq!(program.get("/projects").await.status(), 200);
    assert_eq!(
        program
            .post("/projects", json!({ "name": "Two" }))
            .await
            .status(),
        403
    );
}

#[tokio::test]
async fn when_a_key_was_used_is_noted_at_most_once_a_minute() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let (_, key) = w.key("acme", "owner@acme.test", &[KeyScope::Read]).await;
    let program = Program::new(&w.visitor(), &key);
    let used = async || owner.call(ListApiKeys { org: acme() }).await.unwrap().rows[0].last_used_at;
    assert_eq!(used().await, None);
    program.get("/projects").await;
    let first = used().await.expect("it was used");
    w.wait(TimeDelta::seconds(50));
    program.get("/projects").await;
    assert_eq!(used().await, Some(first));
    w.wait(TimeDelta::seconds(15));
    program.get("/projects").await;
    assert!(used().await.unwrap() - first >= TimeDelta::seconds(65));
}

#[tokio::test]
async fn a_lapsed_organization_is_asked_to_pay() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    for status in [SubscriptionStatus::Canceled, SubscriptionStatus::Unpaid] {
        w.let_stand("acme", status).await;
        let refused = program.get("/projects").await;
        assert_eq!(
            (refused.status(), refused.text("/code").as_str()),
            (402, "suspended")
        );
    }
    w.let_stand("acme", SubscriptionStatus::PastDue).await;
    assert_eq!(program.get("/projects").await.status(), 200);
}

#[tokio::test]
async fn methods_and_sites_are_told_apart() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let path = format!("/projects/{id}");
    let allow = |allow: &str| {
        let mut methods: Vec<_> = allow.split(',').map(str::trim).map(str::to_owned).collect();
        methods.sort();
        methods.join(" ")
    };
    let asked = told(program.request(Method::OPTIONS, &path)).await;
    assert_eq!(asked.status(), 204);
    assert_eq!(allow(asked.page.header("allow")), "DELETE GET HEAD PATCH");
    assert!(
        asked
            .page
            .headers
            .get("access-control-allow-origin")
            .is_none()
    );
    let put = told(program.request(Method::PUT, &path)).await;
    assert_eq!(put.status(), 405);
    assert_eq!(allow(put.page.header("allow")), "DELETE GET HEAD PATCH");
    assert_eq!(put.text("/code"), "method_not_allowed");
    let head = told(program.request(Method::HEAD, &path)).await;
    assert_eq!((head.status(), head.page.body.as_str()), (200, ""));
    let foreign = program
        .request(Method::POST, "/projects")
        .header("origin", "https://evil.example");
    assert_eq!(
        told(foreign.json(&json!({ "name": "x" }))).await.status(),
        403
    );
    let text = program
        .request(Method::POST, "/projects")
        .body("{\"name\": \"x\"}");
    assert_eq!(told(text).await.status(), 415);
    let large = json!({ "name": "x".repeat(70_000) });
    let refused = program.post("/projects", large).await;
    assert_eq!(refused.status(), 413);
    assert!(
        !refused.page.header("ratelimit").is_empty(),
        "it was counted"
    );
    assert_eq!(program.get("/nothing/here").await.status(), 404);
    assert_eq!(program.get("/projects/").await.status(), 404);
}
