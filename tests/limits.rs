//! Limits hold, however many ask at once: by server functions and by the API,
//! and on PostgreSQL over two nodes.

use atrium::{
    access::Role,
    billing::{Limit, Plan},
    entity::{environment, project},
    error::AppError,
    projects::{
        api::{CreateEnvironment, CreateProject},
        model::NewEnvironment,
    },
    team::{api::InviteMembers, model::NewInvitations},
};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use crate::world::{Browser, World, acme, client::Program, project as new_project};

const MANY: usize = 200;

/// Two ways into the program: on PostgreSQL, by two nodes.
async fn ways(w: &World) -> [Browser; 2] {
    let second = if w.services.db.is_postgres() {
        w.another_node().await
    } else {
        w.url.clone()
    };
    [w.url.clone(), second].map(|url| Browser::new(&url))
}

async fn owners(w: &World) -> [Browser; 2] {
    let ways = ways(w).await;
    for way in &ways {
        way.sign_in("owner@acme.test", crate::world::PASSWORD)
            .await
            .unwrap();
    }
    ways
}

async fn programs(w: &World) -> [Program; 2] {
    let key = w.program("acme").await.key;
    ways(w).await.map(|way| Program::new(&way, &key))
}

fn full(limit: Limit, max: u64) -> AppError {
    AppError::LimitReached { limit, max }
}

/// Of so many ends one is good; the others were refused, or had to wait too
/// long for their turn.
fn one_of<T: std::fmt::Debug>(ends: &[Result<T, AppError>], refusal: &AppError) {
    let good = ends.iter().filter(|end| end.is_ok()).count();
    assert_eq!(good, 1);
    for end in ends.iter().filter_map(|end| end.as_ref().err()) {
        assert!(
            end == refusal || end.status() == 503 || end.status() == 429,
            "{end:?}"
        );
    }
    assert!(ends.iter().any(|end| end.as_ref().err() == Some(refusal)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_project_is_created_once() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let create = |name: String| CreateProject {
        org: acme(),
        new: new_project(&name),
    };
    owner.call(create("First".into())).await.unwrap();
    let ways = owners(&w).await;
    let all = (0..MANY).map(|nth| ways[nth % 2].call(create(format!("Project {nth}"))));
    one_of(&join_all(all).await, &full(Limit::Projects, 2));
    assert_eq!(project::Entity::find().count(w.look()).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_project_is_created_once_over_the_api() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let programs = programs(&w).await;
    let create =
        |nth: usize| programs[nth % 2].post("/projects", json!({ "name": format!("{nth}") }));
    assert_eq!(create(1000).await.status(), 201);
    let ends = join_all((0..MANY).map(create)).await;
    let made = ends.iter().filter(|end| end.status() == 201).count();
    assert_eq!(made, 1);
    let refused = ends.iter().filter(|end| end.status() == 403);
    for end in refused {
        assert_eq!(end.text("/code"), "limit_exceeded");
        assert_eq!(end.text("/limit"), "projects");
    }
    assert_eq!(project::Entity::find().count(w.look()).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_environment_is_created_once() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let create = CreateProject {
        org: acme(),
        new: new_project("First"),
    };
    let id = owner.call(create).await.unwrap().id;
    let ways = owners(&w).await;
    let create = |name: String| CreateEnvironment {
        org: acme(),
        project: id,
        new: NewEnvironment { name },
    };
    let all = (0..MANY).map(|nth| ways[nth % 2].call(create(format!("e{nth}"))));
    one_of(
        &join_all(all).await,
        &full(Limit::EnvironmentsPerProject, 2),
    );
    assert_eq!(
        environment::Entity::find().count(w.look()).await.unwrap(),
        2
    );
    let programs = programs(&w).await;
    let path = format!("/projects/{id}/environments");
    let all =
        (0..MANY).map(|nth| programs[nth % 2].post(&path, json!({ "name": format!("a{nth}") })));
    let made = join_all(all)
        .await
        .iter()
        .filter(|end| end.status() == 201)
        .count();
    assert_eq!(made, 0);
    w.put_on("acme", Plan::Starter).await;
    for nth in 0..2 {
        let made = programs[0]
            .post(&path, json!({ "name": format!("b{nth}") }))
            .await;
        assert_eq!(made.status(), 201);
    }
    let all =
        (0..MANY).map(|nth| programs[nth % 2].post(&path, json!({ "name": format!("c{nth}") })));
    let made = join_all(all)
        .await
        .iter()
        .filter(|end| end.status() == 201)
        .count();
    assert_eq!(made, 1);
    assert_eq!(
        environment::Entity::find().count(w.look()).await.unwrap(),
        5
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_seat_is_promised_once() {
    let w = World::new().await;
    w.owner_of("acme").await;
    w.put_on("acme", Plan::Starter).await;
    for role in [Role::Admin, Role::Member, Role::Viewer] {
        w.member_of("acme", role).await;
    }
    let ways = owners(&w).await;
    let all = (0..MANY).map(|nth| {
        ways[nth % 2].call(InviteMembers {
            org: acme(),
            new: NewInvitations {
                emails: format!("guest{nth}@example.com"),
                role: Role::Viewer,
            },
        })
    });
    one_of(&join_all(all).await, &full(Limit::Members, 5));
    assert_eq!(w.count_of("acme", "member.invited").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_calls_are_counted_over_all_nodes() {
    let w = World::new().await;
    w.owner_of("acme").await;
    w.count_calls("acme", 950).await;
    let programs = programs(&w).await;
    let all = (0..MANY).map(|nth| programs[nth % 2].get("/organization"));
    let ends = join_all(all).await;
    let through = ends.iter().filter(|end| end.status() == 200).count();
    let refused = ends.iter().filter(|end| end.status() == 429).count();
    assert_eq!((through, refused), (50, MANY - 50));
    assert_eq!(w.calls("acme").await, 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_room_is_taken_once_over_all_nodes() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let programs = programs(&w).await;
    let made = programs[0]
        .post("/projects", json!({ "name": "One" }))
        .await;
    let path = format!("/projects/{}/deployments", made.text("/id"));
    let mut artifacts = Vec::new();
    for _ in 0..MANY {
        let run = programs[0].post(&path, json!({})).await.text("/id");
        artifacts.push(format!("/deployments/{run}/artifact"));
    }
    let tenth = 10 << 20;
    let first = programs[0].put(&artifacts[0], vec![0; 9 * tenth]).await;
    assert_eq!(first.status(), 200);
    let all = (1..MANY).map(|nth| programs[nth % 2].put(&artifacts[nth], vec![1; tenth]));
    let ends = join_all(all).await;
    let kept = ends.iter().filter(|end| end.status() == 200).count();
    assert_eq!(kept, 1);
    w.settles((10 * tenth) as u64).await;
}
