//! A database that goes away while somebody listens.

use std::time::Duration;

use atrium::{error::AppError, organizations::api::RenameOrganization};
use tokio::time::sleep;

use super::recount;
use crate::world::{Browser, World, acme};

async fn rename(owner: &Browser, name: String) -> Result<(), AppError> {
    owner.call(RenameOrganization { org: acme(), name }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_outlives_a_cut_and_tells_what_is_so_after_it() {
    let (w, mut link) = World::with_link().await;
    let owner = w.owner_of("acme").await;
    let mut listener = owner.listen("acme").await;
    listener.overview().await;
    rename(&owner, "Before".into()).await.unwrap();
    let before = recount(&w, "acme").await;
    listener
        .overview_where(|told| told["eventsLastHour"] == before)
        .await;

    link.cut().await;
    let lost = rename(&owner, "Lost".into()).await;
    assert_eq!(lost, Err(AppError::Unavailable));
    // Longer than it is looked for who may listen.
    sleep(Duration::from_secs(5)).await;
    link.restore().await;
    let mut tries = 0;
    while rename(&owner, format!("Back {tries}")).await.is_err() {
        tries += 1;
        assert!(tries < 100, "it is back, and nobody notices");
        sleep(Duration::from_millis(100)).await;
    }
    for turn in 0..3 {
        rename(&owner, format!("After {turn}")).await.unwrap();
    }

    let expected = recount(&w, "acme").await;
    assert_ne!(expected, before);
    listener
        .overview_where(|told| told["eventsLastHour"] == expected)
        .await;
    // It is the same stream, whose counts go on.
    rename(&owner, "At last".into()).await.unwrap();
    let expected = recount(&w, "acme").await;
    listener
        .overview_where(|told| told["eventsLastHour"] == expected)
        .await;
}
