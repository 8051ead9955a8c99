//! Several nodes, as there can be on PostgreSQL: what is done on one is told by
//! the others.

use std::time::{Duration, Instant};

use atrium::{access::Role, organizations::api::RenameOrganization, team::api::RemoveMember};
use tokio::time::sleep;

use super::{
    access::{ELSEWHERE, end_the_other, is_revoked, on_two_devices},
    recount,
};
use crate::world::{Browser, PASSWORD, World, acme, stream::created};

/// Somebody at a node.
async fn at(node: &str, email: &str) -> Browser {
    let browser = Browser::new(node);
    browser.sign_in(email, PASSWORD).await.unwrap();
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_on_one_is_told_by_another() {
    let w = World::new().await;
    if !w.services.db.is_postgres() {
        return;
    }
    w.owner_of("acme").await;
    let id = w.organization("acme").await.id;
    let there = at(&w.another_node().await, "owner@acme.test").await;
    let mut listener = there.listen("acme").await;
    listener.overview().await;
    // That they are there is told as well, before.
    sleep(Duration::from_secs(1)).await;
    let mut took = Vec::new();
    for turn in 0..5 {
        let sign = format!("Signal {turn}");
        let begun = Instant::now();
        w.happens(id, &created(&sign)).await;
        listener.until(|told| told.data.contains(&sign)).await;
        took.push(begun.elapsed());
        sleep(Duration::from_millis(300)).await;
    }
    println!("from a commit until it is told by another node: {took:?}");
    // The contract says a second; other tests run beside this one.
    assert!(
        took.iter().all(|took| *took < Duration::from_secs(2)),
        "{took:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_put_out_on_one_hears_no_more_from_another() {
    let w = World::new().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let owner = w.owner_of("acme").await;
    w.member_of("acme", Role::Member).await;
    let node = w.another_node().await;
    let member = at(&node, "member@acme.test").await;
    let mut listener = member.listen("acme").await;
    listener.overview().await;
    let remove = RemoveMember {
        org: acme(),
        member: w.user("member@acme.test").await,
    };
    owner.call(remove).await.unwrap();
    is_revoked(listener, ELSEWHERE).await;
    assert_eq!(member.ask_to_listen("acme", None).await.status(), 404);

    let desk = Browser::new(&node);
    let (desk, phone, listener) = on_two_devices(&w, "ada@acme.test", desk).await;
    end_the_other(&phone).await;
    is_revoked(listener, ELSEWHERE).await;
    assert_eq!(desk.ask_to_listen("acme", None).await.status(), 401);
}

/// What isn't heard while the link is cut is caught up with at once: it isn't
/// left for the next time that the node looks by itself, ten seconds later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_heard_nothing_for_a_while_catches_up() {
    let w = World::new().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let owner = w.owner_of("acme").await;
    let id = w.organization("acme").await.id;
    let (node, mut link) = w.another_node_by_a_link().await;
    let there = at(&node, "owner@acme.test").await;
    let mut listener = there.listen("acme").await;
    listener.overview().await;
    sleep(Duration::from_secs(1)).await;
    w.happens(id, &created("Before")).await;
    listener.until(|told| told.data.contains("Before")).await;

    let looked = Instant::now();
    link.cut().await;
    for name in ["Acme One", "Acme Two", "Acme Three"] {
        let rename = RenameOrganization {
            org: acme(),
            name: name.into(),
        };
        owner.call(rename).await.unwrap();
    }
    sleep(Duration::from_millis(500)).await;
    link.restore().await;
    let expected = recount(&w, "acme").await;
    listener
        .overview_where(|told| told["eventsLastHour"] == expected)
        .await;
    let took = looked.elapsed();
    println!("caught up {took:?} after the link was cut");
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert_eq!(expected["organization.renamed"], 3);
}
