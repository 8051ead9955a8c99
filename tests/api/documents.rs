//! The description of the API.

use std::collections::BTreeSet;

use atrium::access::KeyScope;
use reqwest::Method;
use serde_json::Value;

use crate::world::{World, client::told};

/// All that the contract names.
const CONTRACT: &str = "GET /organization, GET /members, GET /usage, GET /audit-logs, \
    GET /projects, POST /projects, GET /projects/{id}, PATCH /projects/{id}, \
    DELETE /projects/{id}, GET /projects/{id}/environments, POST /projects/{id}/environments, \
    GET /environments/{id}, PATCH /environments/{id}, DELETE /environments/{id}, \
    GET /projects/{id}/deployments, POST /projects/{id}/deployments, GET /deployments/{id}, \
    PATCH /deployments/{id}, PUT /deployments/{id}/artifact, GET /deployments/{id}/artifact, \
    DELETE /deployments/{id}/artifact";

#[tokio::test]
async fn what_is_no_address_of_the_api_is_a_problem_too() {
    let w = World::new().await;
    for path in [
        "/api",
        "/api/",
        "/api/v2/projects",
        "/api/nothing",
        "/api/app/acme/nothing",
    ] {
        let page = w.visitor().raw().get(w.visitor().at(path)).send().await;
        let page = page.unwrap();
        assert_eq!(page.status(), 404, "{path}");
        assert_eq!(page.headers()["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn each_operation_needs_the_scope_that_is_described() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let page = w.visitor().get("/api/openapi.json").await;
    let document: Value = serde_json::from_str(&page.body).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let needed = operation["security"][0]["key"][0].as_str().unwrap();
            let others = KeyScope::ALL
                .into_iter()
                .filter(|scope| scope.name() != needed);
            let program = w.program_with("acme", &others.collect::<Vec<_>>()).await;
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.strip_prefix("/api/v1").unwrap();
            let refused = told(program.request(method.clone(), path)).await;
            assert_eq!(refused.status(), 403, "{method} {path}");
            assert_eq!(refused.text("/code"), "missing_scope", "{method} {path}");
            assert_eq!(refused.text("/scope"), needed, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_document_describes_what_the_contract_names() {
    let w = World::new().await;
    let page = w.visitor().get("/api/openapi.json").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "application/json");
    let document: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            let methods = methods.as_object().unwrap().keys();
            methods
                .map(move |method| format!("{} {path}", method.to_uppercase()))
                .collect::<Vec<_>>()
        })
        .collect();
    let contract = CONTRACT.split(", ").map(str::to_owned).collect();
    assert_eq!(described, contract);
    // Whatever it refers to is there.
    let text = page.body.clone();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let place = part.split('"').next().unwrap();
        assert!(document.pointer(place).is_some(), "{place}");
    }
    for answer in ["Refused401", "Refused429"] {
        assert!(document["components"]["responses"][answer].is_object());
    }
}
