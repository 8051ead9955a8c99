//! Uploads that come to nothing: cut off, crashed, out of room.

use std::{path::Path, time::Duration};

use atrium::{
    entity::{artifact_upload, deployment},
    usage::server::{
        retention,
        storage::{self, Room},
    },
};
use chrono::TimeDelta;
use sea_orm::EntityTrait;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{
    deployment, project,
    storage::{connect, read, ready},
};
use crate::world::World;

#[tokio::test]
async fn what_breaks_off_leaves_nothing() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    for sent in [0, 1, 70_000, 9 << 20] {
        let mut socket = connect(&w, &program, &path, &format!("{}", 10 << 20)).await;
        socket.write_all(&vec![7; sent]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (_, claimed) = w.gauge().await;
        assert_eq!(claimed, 10 << 20, "{sent}: its room is claimed meanwhile");
        drop(socket);
        w.settles(0).await;
        assert_eq!(program.get(&path).await.status(), 404);
    }
    let left = artifact_upload::Entity::find().all(w.look()).await.unwrap();
    assert_eq!(left, []);
}

#[tokio::test]
async fn who_stalls_takes_the_places_of_nobody_else() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let mut stalled = Vec::new();
    for _ in 0..8 {
        let mut socket = connect(&w, &program, &path, "3000").await;
        socket.write_all(&[7; 2000]).await.unwrap();
        stalled.push(socket);
    }
    while w.gauge().await.1 < 8 * 3000 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut next = connect(&w, &program, &path, "3000").await;
    next.write_all(&[7; 3000]).await.unwrap();
    let mut answer = Box::pin(read(&mut next));
    let waiting = tokio::time::timeout(Duration::from_millis(500), &mut answer).await;
    assert!(waiting.is_err(), "{waiting:?}");
    let (others, id) = project(&w, "other").await;
    let run = deployment(&others, &id).await;
    let other_path = format!("/deployments/{run}/artifact");
    let stored = others.put(&other_path, vec![7; 100]).await;
    assert_eq!(stored.status(), 200);
    stalled.pop();
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(stalled);
    w.settles(3100).await;
}

#[tokio::test]
async fn who_trickles_makes_room_for_others() {
    let w = World::new().await;
    let mut trickling = Vec::new();
    for slug in ["one", "two", "three", "four"] {
        let (program, id) = project(&w, slug).await;
        let run = deployment(&program, &id).await;
        for _ in 0..8 {
            let path = format!("/deployments/{run}/artifact");
            trickling.push(connect(&w, &program, &path, "3000000").await);
        }
    }
    // Fast enough for as long as nobody waits.
    let trickle = tokio::spawn(async move {
        loop {
            for socket in &mut trickling {
                let _ended = socket.write_all(&[7; 4096]).await;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    while w.gauge().await.1 < 32 * 3_000_000 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (program, path) = ready(&w).await;
    assert_eq!(program.put(&path, vec![7; 100]).await.status(), 200);
    trickle.abort();
    let _ended = trickle.await;
    w.settles(100).await;
}

#[tokio::test]
async fn what_a_crash_leaves_is_taken_back() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let mut socket = connect(&w, &program, &path, &format!("{}", 10 << 20)).await;
    socket.write_all(&vec![7; 9 << 20]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    // As if nobody had been there to take it back.
    let row = artifact_upload::Entity::find()
        .one(w.look())
        .await
        .unwrap()
        .unwrap();
    let left = w.artifacts().join(format!("{}#1", row.location));
    assert!(left.exists(), "what isn't whole has another name");
    w.wait(TimeDelta::minutes(4));
    retention::take_back_lost_uploads(&w.services)
        .await
        .unwrap();
    assert_eq!(w.gauge().await, (0, 10 << 20));
    w.wait(TimeDelta::minutes(2));
    retention::take_back_lost_uploads(&w.services)
        .await
        .unwrap();
    assert_eq!(w.gauge().await, (0, 0));
    w.settles(0).await;
    assert!(!left.exists());
    // Whoever goes on with it all the same is told that it came to nothing: what
    // was written is gone from under it.
    socket.write_all(&vec![7; 1 << 20]).await.unwrap();
    let answer = read(&mut socket).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    w.settles(0).await;
}

#[tokio::test]
async fn what_goes_on_at_the_last_moment_is_not_taken_for_lost() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let mut socket = connect(&w, &program, &path, "2000").await;
    socket.write_all(&[7; 1000]).await.unwrap();
    while w.gauge().await.1 < 2000 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    w.wait(TimeDelta::minutes(6));
    let lost = storage::lost(&w.services).await.unwrap();
    assert_eq!(lost.len(), 1);
    storage::go_on(&w.services, &lost[0]).await.unwrap();
    storage::give_up_lost(&w.services, &lost[0]).await.unwrap();
    assert_eq!(w.gauge().await, (0, 2000));
    socket.write_all(&[7; 1000]).await.unwrap();
    let answer = read(&mut socket).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    w.settles(2000).await;
}

#[tokio::test]
async fn what_is_under_way_goes_with_its_organization() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let mut going = connect(&w, &program, &path, "3000000").await;
    going.write_all(&vec![7; 2_000_000]).await.unwrap();
    let mut crashed = connect(&w, &program, &path, "3000000").await;
    crashed.write_all(&vec![7; 2_000_000]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let owner = w.visitor();
    owner
        .sign_in("owner@acme.test", crate::world::PASSWORD)
        .await
        .unwrap();
    let delete = atrium::organizations::api::DeleteOrganization {
        org: crate::world::acme(),
        confirmation: "acme".into(),
    };
    owner.call(delete).await.unwrap();
    going.write_all(&vec![7; 1_000_000]).await.unwrap();
    let answer = read(&mut going).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    drop(crashed);
    w.settles(0).await;
}

#[tokio::test]
async fn what_nobody_claims_is_deleted_and_what_is_kept_stays() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    assert_eq!(program.put(&path, vec![7; 10]).await.status(), 200);
    w.settles(10).await;
    let row = deployment::Entity::find()
        .one(w.look())
        .await
        .unwrap()
        .unwrap();
    let room = |location: &str| Room {
        id: Uuid::now_v7(),
        organization: row.organization_id,
        bytes: 10,
        location: location.to_owned(),
    };
    // As if nobody had heard of the commit.
    let kept = row.artifact_location.clone().unwrap();
    storage::give_up(&w.services, &room(&kept)).await.unwrap();
    w.settles(10).await;
    let stray = w.artifacts().join("stray");
    std::fs::write(&stray, "x").unwrap();
    storage::give_up(&w.services, &room("stray")).await.unwrap();
    assert!(!stray.exists());
    w.settles(10).await;
}

/// A folder that has room for 4 MiB, where this machine lets one be made.
fn small_disk(folder: &Path) -> bool {
    std::fs::create_dir_all(folder).unwrap();
    let mount = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
        .arg(folder)
        .status();
    mount.is_ok_and(|status| status.success())
}

#[tokio::test]
async fn a_full_disk_keeps_nothing_and_counts_nothing() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let is_small = small_disk(&w.artifacts());
    if !is_small {
        // Nothing can be written where a file stands in the way.
        let organization = w.organization("acme").await.id.to_string();
        std::fs::create_dir_all(w.artifacts()).unwrap();
        std::fs::write(w.artifacts().join(organization), "").unwrap();
    }
    let refused = program.put(&path, vec![7; 9 << 20]).await;
    assert_eq!(refused.status(), 503, "{refused:?}");
    assert_eq!(refused.text("/code"), "storage_unavailable");
    w.settles(0).await;
    if is_small {
        assert_eq!(program.put(&path, vec![7; 1 << 20]).await.status(), 200);
        w.settles(1 << 20).await;
        let unmounted = std::process::Command::new("umount")
            .arg(w.artifacts())
            .status();
        assert!(unmounted.unwrap().success());
    }
}
