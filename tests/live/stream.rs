//! What a stream tells, and when.

use std::time::{Duration, Instant};

use atrium::{access::Role, projects::api::CreateProject};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{are_all, next_topics, recount};
use crate::{
    api::{deployment, project as storefront},
    world::{
        World, acme, project,
        stream::{Listener, created, stream_of},
    },
};

const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn the_stream_is_one_that_nobody_on_the_way_keeps_back() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let request = owner.raw().get(owner.at(&stream_of("acme")));
    let request = request
        .header("accept", "text/event-stream")
        .header("accept-encoding", "gzip, br");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let header = |name: &str| {
        let value = answer.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    };
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("x-accel-buffering"), "no");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("content-encoding"), "", "it would wait for more");
    let mut listener = Listener::of(answer);
    assert!(are_all(&next_topics(&mut listener).await));
    assert!(listener.heard().starts_with("retry: "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_state_comes_at_once_and_is_what_the_log_says() {
    let w = World::new().await;
    let (program, shop) = storefront(&w, "acme").await;
    let mailer = program.post("/projects", json!({ "name": "Mailer" })).await;
    let mailer = mailer.text("/id");
    for project in [&shop, &mailer, &shop] {
        deployment(&program, project).await;
    }
    let viewer = w.member_of("acme", Role::Viewer).await;

    let begun = Instant::now();
    let mut listener = viewer.listen("acme").await;
    let told = listener.overview().await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(told["eventsLastHour"], recount(&w, "acme").await);
    assert_eq!(told["eventsLastHour"]["deployment.created"], 3);
    let top: Vec<(&Value, &Value)> = told["topProjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|project| (&project["name"], &project["deployments"]))
        .collect();
    assert_eq!(
        top,
        [
            (&json!("Storefront"), &json!(2)),
            (&json!("Mailer"), &json!(1))
        ]
    );
    assert_eq!(told["apiCallsPerMinute"], w.calls("acme").await);
    let at: DateTime<Utc> = told["timestamp"].as_str().unwrap().parse().unwrap();
    let age = w.services.clock.now() - at;
    assert!(age < TimeDelta::seconds(10) && age > TimeDelta::seconds(-1));
    // Whoever came in is there, and nobody else came by a page; a moment later,
    // or by then.
    if told["currentUsers"] != 1 {
        assert_eq!(told["currentUsers"], 0);
        let is_there = |told: &Value| told["currentUsers"] == 1;
        listener.overview_where(is_there).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_told_as_it_is_made() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let mut listener = viewer.listen("acme").await;
    let before = listener.overview().await;
    assert_eq!(before["eventsLastHour"]["project.created"], Value::Null);

    let create = CreateProject {
        org: acme(),
        new: project("Storefront"),
    };
    owner.call(create).await.unwrap();
    let begun = Instant::now();
    let mut is_usage_told = false;
    let told = listener
        .until(|told| {
            let json = told.json();
            is_usage_told |= told.event == "usage" && json["projects"]["used"] == 1;
            told.is_overview() && json["eventsLastHour"]["project.created"] == 1
        })
        .await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    let told = told.json();
    assert_eq!(told["eventsLastHour"], recount(&w, "acme").await);
    assert_eq!(told["projects"], 1);
    assert_eq!(told["feed"][0]["who"], "owner");
    assert_eq!(told["feed"][0]["what"], "Storefront");
    if !is_usage_told {
        listener
            .until(|told| told.event == "usage" && told.json()["projects"]["used"] == 1)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_api_does_is_told_as_well() {
    let w = World::new().await;
    let (program, id) = storefront(&w, "acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let mut listener = viewer.listen("acme").await;
    let calls = listener.overview().await["apiCallsPerMinute"].clone();
    assert_eq!(calls, 1);
    program.get("/projects").await;
    listener
        .overview_where(|told| told["apiCallsPerMinute"] == 2)
        .await;

    let run = deployment(&program, &id).await;
    // Either may be told before the other.
    let (mut is_counted, mut moved_at) = (false, 0);
    listener
        .until(|told| {
            let json = told.json();
            if told.is_overview() && json["topProjects"][0]["deployments"] == 1 {
                assert_eq!(json["topProjects"][0]["name"], "Storefront");
                is_counted = true;
            }
            if told.event == "deployments" && json[0]["id"] == *run {
                moved_at = json[0]["at"].as_i64().unwrap();
            }
            is_counted && moved_at > 0
        })
        .await;

    let path = format!("/deployments/{run}");
    let moved = program.patch(&path, json!({ "status": "building" })).await;
    assert_eq!(moved.status(), 200);
    let told = listener.until(|told| told.event == "deployments").await;
    let told = &told.json()[0];
    assert_eq!(told["id"], *run);
    assert_eq!(told["project"], *id);
    assert!(told["at"].as_i64().unwrap() > moved_at);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_is_told_what_they_do_not_know() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let id = w.organization("acme").await.id;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let mut stays = viewer.listen("acme").await;
    stays.overview().await;
    for by_header in [true, false] {
        let mut listener = owner.listen("acme").await;
        assert!(are_all(&next_topics(&mut listener).await));
        let sign = format!("before it is cut off, {by_header}");
        w.happens(id, &created(&sign)).await;
        let known = listener.until(|told| told.data.contains(&sign)).await;
        drop(listener);

        let mut back = if by_header {
            owner.listen_after("acme", &known.id).await
        } else {
            let path = format!("{}?lastEventId={}", stream_of("acme"), known.id);
            Listener::of(owner.raw().get(owner.at(&path)).send().await.unwrap())
        };
        let sign = format!("once it is back, {by_header}");
        w.happens(id, &created(&sign)).await;
        let mut heard = Vec::new();
        back.until(|told| {
            heard.push(told.clone());
            told.data.contains(&sign)
        })
        .await;
        for told in heard {
            assert!(told.is_overview(), "nothing else has changed: {told:?}");
            let ((epoch, number), (before, last)) = (told.place(), known.place());
            assert_eq!(epoch, before);
            assert!(number > last, "{number} after {last}");
        }
    }
    // Ids of another room, and what is none.
    for unknown in ["00000000-1", "ffffffff-99999", "nonsense", ""] {
        let mut back = owner.listen_after("acme", unknown).await;
        assert!(are_all(&next_topics(&mut back).await), "{unknown:?}");
    }
    stays.overview().await;
}
