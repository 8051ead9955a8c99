//! Lists, a page at a time.

use std::collections::BTreeSet;

use atrium::billing::Plan;
use proptest::{
    prelude::*,
    strategy::{Just, ValueTree},
    test_runner::TestRunner,
};
use serde_json::json;

use super::{deployment, project};
use crate::world::{World, client::Program};

/// All ids of a list, from page to page.
async fn walk(program: &Program, list: &str, limit: u32) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = program.get(&format!("{list}?limit={limit}{cursor}")).await;
        assert_eq!(page.status(), 200, "{page:?}");
        let rows = page.json["data"].as_array().unwrap();
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        let next = page.json["next_cursor"].as_str();
        assert_eq!(page.json["has_more"], next.is_some());
        match next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn each_row_is_visited_once_while_others_come_and_go() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let list = format!("/projects/{id}/deployments");
    let mut made = Vec::new();
    for _ in 0..23 {
        made.push(deployment(&program, &id).await);
    }
    for limit in [1, 4, 23, 24, 100] {
        let walked = walk(&program, &list, limit).await;
        let newest_first: Vec<_> = made.iter().rev().cloned().collect();
        assert_eq!(walked, newest_first, "{limit}");
    }
    // A page is left behind, new ones come and the last one read goes.
    let first = program.get(&format!("{list}?limit=5")).await;
    let cursor = first.text("/next_cursor");
    deployment(&program, &id).await;
    let rest = program
        .get(&format!("{list}?limit=100&cursor={cursor}"))
        .await;
    let seen: BTreeSet<_> = [&first, &rest]
        .iter()
        .flat_map(|page| page.json["data"].as_array().unwrap().clone())
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(seen, made.iter().cloned().collect());
    let environment = first.text("/data/4/environment_id");
    assert_eq!(
        program
            .delete(&format!("/environments/{environment}"))
            .await
            .status(),
        204
    );
    let none = program.get(&format!("{list}?cursor={cursor}")).await;
    assert_eq!((none.status(), none.json["data"].clone()), (200, json!([])));
}

/// What happens to a list while it is walked.
#[derive(Clone, Copy, Debug)]
enum Happens {
    Insert,
    /// The row at that place is deleted, counted from the newest.
    Delete(usize),
    Turn,
}

fn happens() -> impl Strategy<Value = Vec<Happens>> {
    let one = prop_oneof![
        Just(Happens::Insert),
        (0..30_usize).prop_map(Happens::Delete),
        Just(Happens::Turn),
    ];
    proptest::collection::vec(one, 5..40)
}

/// Walks a list to its end, whatever happens meanwhile: who was there all the
/// time is seen once, and nobody twice.
async fn walk_through(program: &Program, list: &str, size: u32, all: Vec<Happens>) {
    let create = async |name: String| {
        let made = program.post(list, json!({ "name": name })).await;
        assert_eq!(made.status(), 201, "{made:?}");
        made.text("/id")
    };
    let mut there = walk(program, list, 100).await;
    let mut stayed: BTreeSet<String> = there.iter().cloned().collect();
    let (mut seen, mut cursor, mut is_over) = (Vec::new(), String::new(), false);
    let rest = std::iter::repeat_n(Happens::Turn, 100);
    for (nth, happens) in all.into_iter().chain(rest).enumerate() {
        match happens {
            Happens::Insert => there.insert(0, create(format!("{size} {nth}")).await),
            Happens::Delete(place) if place < there.len() => {
                let id = there.remove(place);
                stayed.remove(&id);
                let gone = program.delete(&format!("/environments/{id}")).await;
                assert_eq!(gone.status(), 204);
            }
            Happens::Turn if !is_over => {
                let page = program.get(&format!("{list}?limit={size}{cursor}")).await;
                let rows = page.json["data"].as_array().unwrap();
                seen.extend(
                    rows.iter()
                        .map(|row| row["id"].as_str().unwrap().to_owned()),
                );
                is_over = page.json["has_more"] == false;
                cursor = format!(
                    "&cursor={}",
                    page.json["next_cursor"].as_str().unwrap_or_default()
                );
            }
            Happens::Delete(_) | Happens::Turn => {}
        }
    }
    let once: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(once.len(), seen.len(), "nobody is seen twice");
    assert!(stayed.is_subset(&once), "whoever stays is seen");
}

#[tokio::test]
async fn whatever_happens_each_row_is_visited_once() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    w.put_on("acme", Plan::Enterprise).await;
    let list = format!("/projects/{id}/environments");
    for nth in 0..12 {
        program
            .post(&list, json!({ "name": format!("e{nth}") }))
            .await;
    }
    let mut runner = TestRunner::deterministic();
    for size in 1..12 {
        let all = happens().new_tree(&mut runner).unwrap().current();
        walk_through(&program, &list, size, all).await;
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_alone() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let (rival, theirs) = project(&w, "rival").await;
    for (program, id) in [(&program, &id), (&rival, &theirs)] {
        for _ in 0..3 {
            deployment(program, id).await;
        }
    }
    let own = format!("/projects/{id}/deployments");
    let foreign = rival
        .get(&format!("/projects/{theirs}/deployments?limit=1"))
        .await;
    let foreign = foreign.text("/next_cursor");
    let mine = program
        .get(&format!("{own}?limit=1"))
        .await
        .text("/next_cursor");
    assert_eq!(
        program.get(&format!("{own}?cursor={mine}")).await.status(),
        200
    );
    let bent = format!("B{}", &mine[1..]);
    for (list, cursor) in [
        (own.as_str(), foreign.as_str()),
        ("/projects", &mine),
        (&own, &bent),
        (&own, "x"),
        (&own, ""),
        (&own, "%00"),
        (&own, &"A".repeat(5000)),
    ] {
        let refused = program.get(&format!("{list}?cursor={cursor}")).await;
        assert_eq!(refused.status(), 404, "{list} {cursor}");
    }
    for limit in [
        "0",
        "101",
        "-1",
        "x",
        "",
        "1.5",
        "99999999999999999999",
        "null&limit=null",
        "5&limit=6",
    ] {
        let refused = program.get(&format!("{own}?limit={limit}")).await;
        assert_eq!(refused.status(), 422, "{limit}");
        assert_eq!(refused.text("/errors/0/pointer"), "#/limit");
    }
}

#[tokio::test]
async fn lists_are_searched() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    w.put_on("acme", Plan::Pro).await;
    for name in ["100 % Shop", "Warehouse_1", "Ärzte"] {
        program.post("/projects", json!({ "name": name })).await;
    }
    for (q, found) in [
        ("shop", 1),
        ("SHOP", 1),
        ("%25", 1),
        ("_", 1),
        ("%C3%A4", 1),
        ("o", 3),
        ("zz", 0),
    ] {
        let page = program.get(&format!("/projects?q={q}")).await;
        assert_eq!(page.json["data"].as_array().unwrap().len(), found, "{q}");
    }
    let list = format!("/projects/{id}/deployments");
    program
        .post(
            &list,
            json!({ "git_ref": "Feature/Search", "message": "One\ntwo" }),
        )
        .await;
    let last = program
        .post(&list, json!({ "commit_sha": "abcdef12" }))
        .await;
    let own = format!("/deployments/{}", last.text("/id"));
    program.patch(&own, json!({ "status": "building" })).await;
    let environment = last.text("/environment_id");
    for (query, found) in [
        ("q=feature".to_owned(), 1),
        ("q=TWO".to_owned(), 1),
        ("q=abcdef".to_owned(), 1),
        ("status=building".to_owned(), 1),
        ("status=queued".to_owned(), 1),
        (format!("environment={environment}"), 2),
        ("environment=env_00000000000000000000000000".to_owned(), 0),
    ] {
        let page = program.get(&format!("{list}?{query}")).await;
        assert_eq!(
            page.json["data"].as_array().unwrap().len(),
            found,
            "{query}"
        );
    }
    for query in ["status=done", "environment=production"] {
        assert_eq!(program.get(&format!("{list}?{query}")).await.status(), 422);
    }
    for list in [
        "/members",
        "/audit-logs",
        &format!("/projects/{id}/environments"),
    ] {
        assert_eq!(
            walk(&program, list, 1).await.len(),
            walk(&program, list, 100).await.len()
        );
    }
}
