//! The public API, as programs use it.

mod calls;
mod documents;
mod idempotency;
mod keys;
mod lists;
mod resources;
mod storage;
mod uploads;

use serde_json::json;

use crate::world::{World, client::Program};

/// An organization with an owner, a program and a project.
pub async fn project(w: &World, slug: &str) -> (Program, String) {
    w.owner_of(slug).await;
    let program = w.program(slug).await;
    let made = program
        .post("/projects", json!({ "name": "Storefront" }))
        .await;
    assert_eq!(made.status(), 201, "{made:?}");
    let id = made.text("/id");
    (program, id)
}

/// A deployment of a project.
pub async fn deployment(program: &Program, project: &str) -> String {
    let path = format!("/projects/{project}/deployments");
    let made = program.post(&path, json!({ "message": "One" })).await;
    assert_eq!(made.status(), 201, "{made:?}");
    made.text("/id")
}
