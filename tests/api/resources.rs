//! What there is, and what can be done with it.

use atrium::{access::KeyScope, billing::Plan};
use serde_json::json;

use super::{deployment, project};
use crate::world::{World, client::told};

#[tokio::test]
async fn a_project_lives_and_dies_over_http() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let path = format!("/projects/{id}");
    let found = program.get(&path).await;
    assert_eq!(found.status(), 200);
    assert_eq!(found.text("/name"), "Storefront");
    let renamed = program.patch(&path, json!({ "name": "Shop" })).await;
    assert_eq!(renamed.text("/name"), "Shop");
    assert_eq!(renamed.text("/description"), "");
    let described = program
        .patch(&path, json!({ "description": "Sells" }))
        .await;
    assert_eq!(described.text("/name"), "Shop");
    let environments = program.get(&format!("{path}/environments")).await;
    assert_eq!(environments.text("/data/0/name"), "production");
    assert_eq!(program.delete(&path).await.status(), 204);
    assert_eq!(program.get(&path).await.status(), 404);
    assert_eq!(program.delete(&path).await.status(), 404);
    let audit = w.audit("acme").await;
    let by_key = audit.iter().filter(|row| row.actor_type == "api_key");
    let actions: Vec<_> = by_key.map(|row| row.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "project.created",
            "project.updated",
            "project.updated",
            "project.deleted"
        ]
    );
}

#[tokio::test]
async fn what_was_made_says_where_it_is() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let path = format!("/projects/{id}/environments");
    let made = program.post(&path, json!({ "name": "preview" })).await;
    assert_eq!(made.status(), 201);
    let place = made.page.location().to_owned();
    assert_eq!(place, format!("/api/v1/environments/{}", made.text("/id")));
    let own = place.strip_prefix("/api/v1").unwrap();
    assert_eq!(program.get(own).await.json, made.json);
    let renamed = program.patch(own, json!({ "name": "staging" })).await;
    assert_eq!(renamed.text("/name"), "staging");
    let taken = program.patch(own, json!({ "name": "production" })).await;
    assert_eq!(taken.status(), 409);
    assert_eq!(taken.text("/errors/0/pointer"), "#/name");
    assert_eq!(program.delete(own).await.status(), 204);
    assert_eq!(program.get(own).await.status(), 404);
}

#[tokio::test]
async fn a_deployment_goes_its_way_and_no_other() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let path = format!("/projects/{id}/deployments");
    let new = json!({
        "environment": "production", "commit_sha": "9FCEB02", "git_ref": "main",
        "message": "Faster", "url": "https://shop.example.com",
    });
    let made = program.post(&path, new).await;
    assert_eq!(made.status(), 201, "{made:?}");
    assert_eq!(made.text("/status"), "queued");
    assert_eq!(made.text("/commit_sha"), "9fceb02");
    assert_eq!(made.text("/created_by/type"), "api_key");
    let own = format!("/deployments/{}", made.text("/id"));
    let step = async |status: &str| program.patch(&own, json!({ "status": status })).await;
    let skipped = step("ready").await;
    assert_eq!(
        (skipped.status(), skipped.text("/code").as_str()),
        (409, "conflict")
    );
    w.wait(chrono::TimeDelta::seconds(7));
    let building = step("building").await;
    assert_eq!(building.status(), 200);
    let started = building.text("/started_at");
    assert_eq!(step("building").await.text("/started_at"), started);
    w.wait(chrono::TimeDelta::seconds(60));
    let ready = step("ready").await;
    assert!(ready.text("/finished_at") > started);
    for back in ["queued", "building", "failed", "canceled"] {
        assert_eq!(step(back).await.status(), 409, "{back}");
    }
    assert_eq!(step("done").await.status(), 422);
    assert_eq!(program.get(&own).await.text("/status"), "ready");
    // What was said twice was done once.
    assert_eq!(w.count_of("acme", "deployment.updated").await, 2);
}

#[tokio::test]
async fn a_deployment_needs_an_environment_of_its_project() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let other = program.post("/projects", json!({ "name": "Other" })).await;
    let there = format!("/projects/{}/environments", other.text("/id"));
    let foreign = program.get(&there).await.text("/data/0/id");
    let path = format!("/projects/{id}/deployments");
    for environment in ["nowhere", &foreign] {
        let refused = program
            .post(&path, json!({ "environment": environment }))
            .await;
        assert_eq!(refused.status(), 409);
        assert_eq!(refused.text("/errors/0/pointer"), "#/environment");
    }
    let own = format!("/projects/{id}/environments");
    let own = program.get(&own).await.text("/data/0/id");
    for environment in ["", "production", &own] {
        let made = program
            .post(&path, json!({ "environment": environment }))
            .await;
        assert_eq!(made.status(), 201, "{environment}");
    }
}

#[tokio::test]
async fn bad_input_is_told_and_changes_nothing() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let path = format!("/projects/{id}/deployments");
    let before = w.audit("acme").await.len();
    for (body, pointer) in [
        (json!({ "commit_sha": "main" }), "#/commit_sha"),
        (json!({ "url": "javascript:alert(1)" }), "#/url"),
        (json!({ "git_ref": "a\u{0}b" }), "#/git_ref"),
        (json!({ "environment": "a\u{0}b" }), "#/environment"),
        (json!({ "message": "x".repeat(1001) }), "#/message"),
        (json!({ "mesage": "typo" }), "#/mesage"),
        (json!({ "message": 7 }), "#/message"),
        (json!([]), "#"),
    ] {
        let refused = program.post(&path, body.clone()).await;
        assert_eq!(refused.status(), 422, "{body}");
        assert_eq!(refused.text("/errors/0/pointer"), pointer, "{body}");
        assert_eq!(
            refused.page.header("content-type"),
            "application/problem+json"
        );
    }
    let missing = program.post("/projects", json!({})).await;
    assert_eq!(missing.text("/errors/0/pointer"), "#/name");
    let cut = program.request(reqwest::Method::POST, "/projects");
    let cut = cut.header("content-type", "application/json");
    for body in ["{\"name\": \"x\"", "{\"name\": \"x\"} {}", "{name}"] {
        let refused = told(cut.try_clone().unwrap().body(body)).await;
        assert_eq!(refused.status(), 422, "{body}");
        assert_eq!(refused.text("/errors/0/pointer"), "#", "{body}");
    }
    for name in ["", "  ", &"x".repeat(65), "a\u{202e}b"] {
        let refused = program.post("/projects", json!({ "name": name })).await;
        assert_eq!(refused.status(), 422, "{name:?}");
    }
    let taken = program
        .post("/projects", json!({ "name": "Storefront" }))
        .await;
    assert_eq!(
        (taken.status(), taken.text("/code").as_str()),
        (409, "unfitting")
    );
    assert_eq!(w.audit("acme").await.len(), before);
}

#[tokio::test]
async fn ids_of_others_do_not_exist() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    let (rival, theirs) = project(&w, "rival").await;
    let run = deployment(&rival, &theirs).await;
    let environment = rival
        .get(&format!("/projects/{theirs}/environments"))
        .await
        .text("/data/0/id");
    for path in [
        format!("/projects/{theirs}"),
        format!("/projects/{theirs}/environments"),
        format!("/projects/{theirs}/deployments"),
        format!("/environments/{environment}"),
        format!("/deployments/{run}"),
        format!("/deployments/{run}/artifact"),
    ] {
        let foreign = program.get(&path).await;
        let nothing = path
            .replace(&theirs, "prj_00000000000000000000000000")
            .replace(&environment, "env_00000000000000000000000000")
            .replace(&run, "dpl_00000000000000000000000000");
        let missing = program.get(&nothing).await;
        let told = |told: &crate::world::client::Told| {
            let id = told.text("/request_id");
            told.page.body.replace(&id, "ID")
        };
        assert_eq!(foreign.status(), 404, "{path}");
        assert_eq!(told(&foreign), told(&missing), "{path}");
    }
    let smuggled = program
        .post(&format!("/projects/{theirs}/deployments"), json!({}))
        .await;
    assert_eq!(smuggled.status(), 404);
    let own = program.get("/projects").await.text("/data/0/id");
    let into = json!({ "environment": environment });
    let smuggled = program
        .post(&format!("/projects/{own}/deployments"), into)
        .await;
    assert_eq!(smuggled.status(), 409);
    assert_eq!(
        program
            .patch(
                &format!("/deployments/{run}"),
                json!({ "status": "building" })
            )
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn the_organization_tells_of_itself() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    let organization = program.get("/organization").await;
    assert_eq!(organization.text("/slug"), "acme");
    assert_eq!(organization.text("/plan"), "FREE");
    assert_eq!(organization.text("/standing"), "good");
    let members = program.get("/members").await;
    assert_eq!(members.text("/data/0/email"), "owner@acme.test");
    assert_eq!(members.text("/data/0/role"), "OWNER");
    let usage = program.get("/usage").await;
    assert_eq!(usage.json["projects"]["used"], 1);
    assert_eq!(usage.json["projects"]["limit"], 2);
    assert_eq!(usage.json["api_calls"]["used"], 4);
    assert_eq!(usage.json["api_calls"]["limit"], 1000);
    assert_eq!(usage.json["storage"]["limit"], 104_857_600);
    let log = program.get("/audit-logs").await;
    assert_eq!(
        (log.status(), log.text("/code").as_str()),
        (403, "not_in_plan")
    );
    w.put_on("acme", Plan::Starter).await;
    let log = program.get("/audit-logs").await;
    assert_eq!(log.text("/data/0/action"), "project.created");
    assert_eq!(log.text("/data/0/actor_type"), "api_key");
}

#[tokio::test]
async fn a_key_does_what_it_is_made_for() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    let run = deployment(&program, &id).await;
    let (read, write, deploy) = (
        w.program_with("acme", &[KeyScope::Read]).await,
        w.program_with("acme", &[KeyScope::Write]).await,
        w.program_with("acme", &[KeyScope::Deploy]).await,
    );
    let see = format!("/projects/{id}");
    let deployments = format!("/projects/{id}/deployments");
    for (program, expected) in [(&read, 200), (&write, 403), (&deploy, 403)] {
        assert_eq!(program.get(&see).await.status(), expected);
    }
    for (program, expected) in [(&read, 403), (&write, 200), (&deploy, 403)] {
        let renamed = program.patch(&see, json!({ "description": "x" })).await;
        assert_eq!(renamed.status(), expected);
    }
    for (program, expected) in [(&read, 403), (&write, 403), (&deploy, 201)] {
        let made = program.post(&deployments, json!({})).await;
        assert_eq!(made.status(), expected);
    }
    let path = format!("/deployments/{run}/artifact");
    for (program, expected) in [(&read, 403), (&write, 403), (&deploy, 200)] {
        assert_eq!(program.put(&path, b"x".to_vec()).await.status(), expected);
    }
    let refused = read.post(&deployments, json!({})).await;
    assert_eq!(refused.text("/code"), "missing_scope");
    assert_eq!(refused.text("/scope"), "deploy");
}
