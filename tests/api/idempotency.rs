//! Requests that are done once, however often they are sent.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::project;
use crate::world::{
    World,
    client::{Program, Told, told},
};

async fn send(program: &Program, path: &str, key: &str, body: Value) -> Told {
    let request = program.request(Method::POST, path);
    told(request.header("idempotency-key", key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_with_one_key_one_is_done_and_all_are_answered_alike() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let path = format!("/projects/{id}/deployments");
    let all = (0..50).map(|_| send(&program, &path, "same", json!({ "message": "One" })));
    let answers = futures_util::future::join_all(all).await;
    for answer in &answers {
        assert_eq!(answer.status(), 201, "{answer:?}");
        assert_eq!(answer.page.body, answers[0].page.body);
        assert_eq!(answer.page.location(), answers[0].page.location());
    }
    let list = program.get(&path).await;
    assert_eq!(list.json["data"].as_array().unwrap().len(), 1);
    assert_eq!(w.count_of("acme", "deployment.created").await, 1);
    // Those that are answered alike aren't refused for what the first one took.
    let all = (0..50).map(|_| send(&program, "/projects", "last", json!({ "name": "Last" })));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.status(), 201, "{answer:?}");
    }
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    let other = w.program("acme").await;
    let made = send(&program, "/projects", "a", json!({ "name": "One" })).await;
    assert_eq!(made.status(), 201);
    let changed = send(&program, "/projects", "a", json!({ "name": "Two" })).await;
    assert_eq!(
        (changed.status(), changed.text("/code").as_str()),
        (422, "idempotency_key_reused")
    );
    let elsewhere = format!("/projects/{}/environments", made.text("/id"));
    let elsewhere = send(&program, &elsewhere, "a", json!({ "name": "One" })).await;
    assert_eq!(elsewhere.status(), 422);
    // Of another program it is another key; and quotes are no part of it.
    let full = send(&other, "/projects", "a", json!({ "name": "Two" })).await;
    assert_eq!(
        (full.status(), full.text("/code").as_str()),
        (403, "limit_exceeded")
    );
    let quoted = send(&program, "/projects", "\"a\"", json!({ "name": "One" })).await;
    assert_eq!(quoted.page.body, made.page.body);
    // What was done to it since changes nothing of the answer.
    let own = format!("/projects/{}", made.text("/id"));
    program.patch(&own, json!({ "name": "Changed" })).await;
    let again = send(&program, "/projects", "a", json!({ "name": "One" })).await;
    assert_eq!(again.page.body, made.page.body);
    assert_eq!(program.delete(&own).await.status(), 204);
    let again = send(&program, "/projects", "a", json!({ "name": "One" })).await;
    assert_eq!((again.status(), &again.page.body), (201, &made.page.body));
    w.wait(TimeDelta::hours(25));
    let anew = send(&program, "/projects", "a", json!({ "name": "One" })).await;
    assert_eq!(anew.status(), 201);
    assert_ne!(anew.text("/id"), made.text("/id"));
}

#[tokio::test]
async fn a_refusal_is_repeated_too() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let taken = send(&program, "/projects", "b", json!({ "name": "Storefront" })).await;
    assert_eq!(taken.status(), 409);
    assert_eq!(
        program.delete(&format!("/projects/{id}")).await.status(),
        204
    );
    let again = send(&program, "/projects", "b", json!({ "name": "Storefront" })).await;
    assert_eq!((again.status(), &again.page.body), (409, &taken.page.body));
    assert_eq!(
        again.page.header("content-type"),
        "application/problem+json"
    );
    let other = send(&program, "/projects", "c", json!({ "name": "Storefront" })).await;
    assert_eq!(other.status(), 201);
    // What is refused for lack of room is asked for again, once there is some.
    let second = program.post("/projects", json!({ "name": "Second" })).await;
    let third = async || send(&program, "/projects", "d", json!({ "name": "Third" })).await;
    assert_eq!(third().await.status(), 403);
    let own = format!("/projects/{}", second.text("/id"));
    assert_eq!(program.delete(&own).await.status(), 204);
    assert_eq!(third().await.status(), 201);
    for key in ["", "\"\"", &"x".repeat(256), "é"] {
        let request = program.request(Method::POST, "/projects");
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(key.as_bytes()) else {
            continue;
        };
        let request = request.header("idempotency-key", value);
        let refused = told(request.json(&json!({ "name": "x" }))).await;
        assert_eq!(refused.status(), 422, "{key:?}");
    }
}
