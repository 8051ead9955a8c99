//! A node that ends, and all who were listening to it.

use std::time::{Duration, Instant};

use atrium::program::seed::PASSWORD;
use futures_util::future::join_all;

use crate::world::{
    Browser, Program, World,
    stream::{Listener, hold_many},
};

const STREAMS: usize = 1_000;
/// How many come back at once.
const AT_ONCE: usize = 32;

/// Goes on at another node, and hears how things stand there.
async fn comes_back(who: &Browser, last: &str) {
    let mut listener: Listener = who.listen_after("demo", last).await;
    listener.overview().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_ends_sends_everyone_to_another() {
    hold_many();
    // Only for its database, which is any that the tests run on.
    let w = World::at_rest().await;
    let storage = format!("file://{}", w.artifacts().display());
    let environment = [
        ("DATABASE_URL", w.urls.program.as_str()),
        ("STORAGE_URL", storage.as_str()),
        ("STREAMS_PER_USER", "2000"),
    ];
    Program::seed(&environment);
    let mut first = Program::start(&environment);
    let second = Program::start(&environment);
    let owner = Browser::new(&first.url());
    owner.sign_in("owner@demo.test", PASSWORD).await.unwrap();
    // A cookie is its host's, whatever the port.
    let mut elsewhere = owner.clone();
    elsewhere.url = second.url();
    let mut listeners = owner.listen_often("demo", STREAMS).await;
    for listener in &mut listeners {
        listener.overview().await;
    }

    let begun = Instant::now();
    let stopping = tokio::task::spawn_blocking(move || {
        let status = first.stop();
        (status, begun.elapsed())
    });
    let ends = join_all(listeners.into_iter().map(Listener::ended)).await;
    let (status, took) = stopping.await.unwrap();
    println!("it ended within {took:?}, with {STREAMS} streams open");
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(10), "{took:?}");

    let mut known = Vec::new();
    for rest in &ends {
        let last = rest.last().expect("an event");
        assert_eq!(last.event, "reconnect", "{rest:?}");
        assert!(!last.id.is_empty(), "they know where they were");
        known.push(last.id.as_str());
    }
    for some in known.chunks(AT_ONCE) {
        join_all(some.iter().map(|last| comes_back(&elsewhere, last))).await;
    }
}
