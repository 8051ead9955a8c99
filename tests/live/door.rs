//! Who is let in to listen, and how many.

use std::time::Duration;

use atrium::access::Role;
use reqwest::header::{ACCEPT, DATE, LOCATION};
use serde_json::Value;
use tokio::time::sleep;

use crate::world::{
    Browser, World, page,
    stream::{created, stream_of},
};

/// What only the head of the answer says.
async fn head(who: &Browser, slug: &str) -> reqwest::Response {
    let request = who.raw().head(who.at(&stream_of(slug)));
    // As whoever goes to an address in a browser.
    request.header(ACCEPT, "text/html").send().await.unwrap()
}

/// All that is answered, but for what no two answers have in common.
async fn refusal(who: &Browser, path: &str) -> (u16, String, String) {
    let request = who.raw().get(who.at(path)).header(ACCEPT, "text/html");
    let mut page = page(request.send().await.unwrap()).await;
    let id = page.header("x-request-id").to_owned();
    assert!(page.body.contains(&id), "{page:?}");
    page.headers.remove("x-request-id");
    page.headers.remove(DATE);
    (
        page.status.as_u16(),
        format!("{:?}", page.headers),
        page.body.replace(&id, "ID"),
    )
}

#[tokio::test]
async fn the_head_says_whether_one_would_be_let_in() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    for member in [&owner, &viewer] {
        let answer = head(member, "acme").await;
        assert_eq!(answer.status(), 204);
        assert_eq!(answer.text().await.unwrap(), "");
    }
    assert_eq!(w.services.live.viewers(), 0, "nobody took a place");

    let answer = head(&w.visitor(), "acme").await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers().get(LOCATION), None);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert_eq!(kind, "application/problem+json");
    let outsider = w.person("outsider@example.com").await;
    assert_eq!(head(&outsider, "acme").await.status(), 404);
}

#[tokio::test]
async fn whoever_is_signed_out_is_told_so_and_not_sent_elsewhere() {
    let w = World::new().await;
    w.owner_of("acme").await;
    for slug in ["acme", "nowhere"] {
        let (status, headers, body) = refusal(&w.visitor(), &stream_of(slug)).await;
        assert_eq!(status, 401);
        assert!(headers.contains("application/problem+json"), "{headers}");
        assert!(!headers.contains("\"location"), "{headers}");
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["code"], "signed_out");
        assert_eq!(problem["status"], 401);
    }
}

#[tokio::test]
async fn an_organization_of_others_is_like_one_that_is_not_there() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let outsider = w.person("outsider@example.com").await;
    let nowhere = refusal(&outsider, &stream_of("nowhere")).await;
    assert_eq!(nowhere.0, 404);
    assert!(nowhere.1.contains("application/problem+json"));
    assert_eq!(refusal(&outsider, &stream_of("acme")).await, nowhere);
    for malformed in ["Acme", "a", "ac--me", "..%2Facme", "%00", "%ff"] {
        let answer = refusal(&owner, &stream_of(malformed)).await;
        assert_eq!(answer, nowhere, "{malformed}");
    }
    let host = owner.raw().get(owner.at(&stream_of("acme")));
    assert_eq!(host.send().await.unwrap().status(), 200, "it is there");
}

#[tokio::test]
async fn the_host_of_another_organization_leads_to_no_stream() {
    let w = World::with(&["--base-domain", "atrium.test"]).await;
    let owner = w.owner_of("acme").await;
    for (host, status) in [
        ("acme.atrium.test", 200),
        ("atrium.test", 200),
        ("other.atrium.test", 404),
    ] {
        let request = owner.raw().get(owner.at(&stream_of("acme")));
        let answer = request.header("host", host).send().await.unwrap();
        assert_eq!(answer.status(), status, "{host}");
    }
}

/// What somebody is told who is one too many.
async fn is_full(who: &Browser, slug: &str) {
    let page = page(who.ask_to_listen(slug, None).await).await;
    assert_eq!(page.status, 429);
    let after: u32 = page.header("retry-after").parse().unwrap();
    assert!(after > 0);
    let problem: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(problem["code"], "too_many_streams");
}

/// Whoever left makes room, as soon as it is noticed.
async fn has_room(who: &Browser, slug: &str) -> reqwest::Response {
    for _ in 0..100 {
        let answer = who.ask_to_listen(slug, None).await;
        if answer.status() == 200 {
            return answer;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("a place is free, and nobody gets it");
}

#[tokio::test]
async fn a_person_has_so_many_streams_and_no_more() {
    let w = World::with(&["--streams-per-user", "2"]).await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let first = owner.listen("acme").await;
    let _second = owner.listen("acme").await;
    is_full(&owner, "acme").await;
    let _another = viewer.listen("acme").await;
    drop(first);
    let _third = has_room(&owner, "acme").await;
    is_full(&owner, "acme").await;
    assert_eq!(w.services.live.viewers(), 3);
}

#[tokio::test]
async fn an_organization_has_so_many_streams_and_no_more() {
    let w = World::with(&["--streams-per-organization", "2"]).await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let rival = w.owner_of("rival").await;
    let first = owner.listen("acme").await;
    let _second = viewer.listen("acme").await;
    is_full(&owner, "acme").await;
    is_full(&viewer, "acme").await;
    let _elsewhere = rival.listen("rival").await;
    drop(first);
    let _third = has_room(&viewer, "acme").await;
    is_full(&owner, "acme").await;
}

#[tokio::test]
async fn nobody_reads_for_nobody() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let first = owner.listen("acme").await;
    let second = owner.listen("acme").await;
    assert_eq!(
        (w.services.live.watched(), w.services.live.viewers()),
        (1, 2)
    );
    drop((first, second));
    for _ in 0..100 {
        if w.services.live.watched() == 0 {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        (w.services.live.watched(), w.services.live.viewers()),
        (0, 0)
    );
    // Presence was noted by then.
    sleep(Duration::from_secs(1)).await;
    let unwatched = statements_of_a_commit(&w).await;
    let _third = owner.listen("acme").await;
    sleep(Duration::from_secs(1)).await;
    let watched = statements_of_a_commit(&w).await;
    assert!(unwatched + 10 <= watched, "{unwatched}, {watched}");
}

async fn statements_of_a_commit(w: &World) -> u64 {
    let id = w.organization("acme").await.id;
    let before = w.services.db.statements();
    w.happens(id, &created("Storefront")).await;
    sleep(Duration::from_millis(700)).await;
    w.services.db.statements() - before
}
