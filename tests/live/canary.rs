//! Two organizations, one of which is full of canaries: whoever listens to the
//! other hears none of them.

use atrium::{
    access::Role, billing::Plan, id::OrgSlug, identity::api::ChangeName,
    projects::api::CreateProject, team::api::RemoveMember,
};

use super::{are_all, next_topics, recount};
use crate::world::{Browser, World, acme, project, stream::created};

const CANARY: &str = "zq9canary";

fn rival() -> OrgSlug {
    OrgSlug::parse("rival").unwrap()
}

/// Does all that is told of to those who listen, and gives what none but them
/// may hear.
async fn sing(w: &World, owner: &Browser) -> Vec<String> {
    let mut secrets = vec![CANARY.to_owned(), "@rival.test".to_owned()];
    let name = format!("{CANARY} Robin");
    owner.call(ChangeName { name }).await.unwrap();
    let new = project(&format!("{CANARY} project"));
    let made = owner.call(CreateProject { org: rival(), new }).await;
    let made = made.unwrap().id;
    let run = w.deployment(owner, made).await;
    let member = w.account(&format!("{CANARY}@rival.test")).await;
    w.join("rival", member, Role::Member).await;
    let remove = RemoveMember {
        org: rival(),
        member,
    };
    owner.call(remove).await.unwrap();
    let called = w.program("rival").await.get("/projects").await;
    assert_eq!(called.status(), 200);
    assert_eq!(owner.get("/app/rival").await.status, 200);
    let organization = w.organization("rival").await;
    w.happens(organization.id, &created(&format!("{CANARY} event")))
        .await;
    secrets.extend([
        organization.id.to_string(),
        organization.id.0.to_string(),
        made.to_string(),
        run.to_string(),
        member.to_string(),
        w.user("owner@rival.test").await.to_string(),
    ]);
    secrets
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_heard_of_another_organization() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let theirs = w.owner_of("rival").await;
    w.put_on("rival", Plan::Enterprise).await;
    let mut ear = owner.listen("acme").await;
    ear.overview().await;
    let mut control = theirs.listen("rival").await;
    control.overview().await;

    let secrets = sing(&w, &theirs).await;
    // Somebody is in both.
    let both = w.user("owner@acme.test").await;
    w.join("rival", both, Role::Viewer).await;
    let mut third = owner.listen("rival").await;
    third.until(|told| told.data.contains(CANARY)).await;

    let org = acme();
    let new = project("The last of it");
    owner.call(CreateProject { org, new }).await.unwrap();
    let told = ear
        .until(|told| told.is_overview() && told.data.contains("The last of it"))
        .await;
    assert_eq!(told.json()["eventsLastHour"], recount(&w, "acme").await);
    assert_eq!(told.json()["apiCallsPerMinute"], 0);
    let mut late = owner.listen("acme").await;
    assert!(are_all(&next_topics(&mut late).await));
    control
        .until(|told| told.is_overview() && told.data.contains(&format!("{CANARY} event")))
        .await;

    let (heard, also, by_them) = (ear.heard(), late.heard(), control.heard());
    for secret in &secrets {
        assert!(!heard.contains(secret), "{secret}: {heard}");
        assert!(!also.contains(secret), "{secret}: {also}");
    }
    // In their own organization they are heard.
    let are_told = |secret: &&String| by_them.contains(secret.as_str());
    assert!(secrets.iter().filter(are_told).count() >= 3, "{by_them}");
    assert!(third.heard().contains(CANARY), "by all of its members");
    assert!(!by_them.contains("The last of it"));
}
