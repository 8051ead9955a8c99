//! Who is there: people, each of them once.

use std::{collections::HashSet, time::Duration};

use atrium::access::KeyScope;
use atrium::{access::Role, id::UserId, server::presence};
use chrono::TimeDelta;
use serde_json::Value;
use tokio::time::sleep;

use crate::world::{Browser, PASSWORD, World, client::Program, stream::created};

/// Longer than somebody is there after they were seen.
const A_WHILE: TimeDelta = TimeDelta::seconds(5 * 60 + 1);

/// Who is named as being there.
fn named(told: &Value) -> Vec<String> {
    let people = told["people"].as_array().unwrap().iter();
    people
        .map(|person| person["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether those are there, and nobody else.
fn are_there(told: &Value, people: &[UserId]) -> bool {
    let mut expected: Vec<String> = people.iter().map(ToString::to_string).collect();
    let mut named = named(told);
    expected.sort();
    named.sort();
    told["currentUsers"] == people.len() && named == expected
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_counted_and_neither_tabs_nor_programs() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let [first, second] = [
        w.user("owner@acme.test").await,
        w.user("viewer@acme.test").await,
    ];
    // Somebody whose key is in use, and who never came by themselves.
    let absent = w.account("ci@acme.test").await;
    w.join("acme", absent, Role::Member).await;
    let (_, key) = w.key("acme", "ci@acme.test", &KeyScope::ALL).await;
    let program = Program::new(&w.visitor(), &key);

    let mut tabs = owner.listen_often("acme", 3).await;
    tabs[0]
        .overview_where(|told| are_there(told, &[first]))
        .await;
    assert_eq!(viewer.get("/app/acme").await.status, 200);
    let mut reader = viewer.listen("acme").await;
    assert_eq!(program.get("/projects").await.status(), 200);
    // Who comes is noted a moment later.
    sleep(Duration::from_secs(1)).await;
    let id = w.organization("acme").await.id;
    w.happens(id, &created("Now")).await;
    for listener in tabs.iter_mut().chain([&mut reader]) {
        let told = listener.until(|told| told.data.contains("Now")).await;
        assert!(are_there(&told.json(), &[first, second]), "{told:?}");
        assert_eq!(told.json()["apiCallsPerMinute"], 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_not_been_seen_for_a_while_is_not_there() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let [first, second] = [
        w.user("owner@acme.test").await,
        w.user("viewer@acme.test").await,
    ];
    assert_eq!(viewer.get("/app/acme").await.status, 200);
    let mut listener = owner.listen("acme").await;
    listener
        .overview_where(|told| are_there(told, &[first, second]))
        .await;

    // Those who listen are noted every minute, which this clock jumps over: the
    // one comes in again, the other doesn't.
    w.wait(A_WHILE);
    let mut again = owner.listen("acme").await;
    again.overview_where(|told| are_there(told, &[first])).await;

    // Nobody comes, and then those are noted who listen; only members are.
    drop((listener, again));
    w.wait(A_WHILE);
    let id = w.organization("acme").await.id;
    let stranger = w.account("stranger@example.com").await;
    presence::keep(&w.services, id, HashSet::from([second, stranger]))
        .await
        .unwrap();
    let mut last = owner.listen("acme").await;
    last.overview_where(|told| are_there(told, &[first, second]))
        .await;
    let member = w.member_of("acme", Role::Member).await;
    let third = w.user("member@acme.test").await;
    assert_eq!(member.get("/app/acme").await.status, 200);
    last.overview_where(|told| are_there(told, &[first, second, third]))
        .await;
    w.expel("acme", third).await;
    w.happens(id, &created("After they left")).await;
    let told = last
        .until(|told| told.data.contains("After they left"))
        .await;
    assert!(are_there(&told.json(), &[first, second]), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_on_two_nodes_is_there_once() {
    let w = World::new().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let owner = w.owner_of("acme").await;
    let first = w.user("owner@acme.test").await;
    let there = Browser::new(&w.another_node().await);
    there.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    let mut both = [owner.listen("acme").await, there.listen("acme").await];
    for listener in &mut both {
        listener
            .overview_where(|told| are_there(told, &[first]))
            .await;
    }
}
