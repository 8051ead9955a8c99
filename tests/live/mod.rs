//! What goes on, told as it happens.

mod access;
mod canary;
mod door;
mod link;
mod load;
mod nodes;
mod presence;
mod retention;
mod rollups;
mod shutdown;
mod stream;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::world::{World, stream::Listener};

/// All that a stream tells of, the default event first.
const TOPICS: [&str; 4] = ["", "billing", "deployments", "usage"];

/// How often each action stands in an organization's audit log, as the overview
/// has it.
async fn recount(w: &World, slug: &str) -> Value {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for row in w.audit(slug).await {
        *counts.entry(row.action).or_default() += 1;
    }
    json!(counts)
}

/// What the next events are about, as many as there are topics.
async fn next_topics(listener: &mut Listener) -> BTreeSet<String> {
    let mut topics = BTreeSet::new();
    for _ in TOPICS {
        topics.insert(listener.next().await.expect("an event").event);
    }
    topics
}

/// Whether that is all there is to tell of.
fn are_all(topics: &BTreeSet<String>) -> bool {
    topics.iter().eq(&TOPICS)
}
