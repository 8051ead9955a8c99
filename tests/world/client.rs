//! A program with a key.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::{Browser, Page, World, page};
use atrium::access::KeyScope;

/// A program that calls the API.
#[derive(Clone)]
pub struct Program {
    client: Client,
    base: String,
    pub key: String,
}

/// What came back, with its body read as JSON.
#[derive(Debug)]
pub struct Told {
    pub page: Page,
    pub json: Value,
}

impl Told {
    pub fn status(&self) -> u16 {
        self.page.status.as_u16()
    }

    /// The text at a place, as `/data/0/id`.
    pub fn text(&self, place: &str) -> String {
        self.json
            .pointer(place)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{place} in {}", self.json))
            .to_owned()
    }
}

impl Program {
    pub fn new(browser: &Browser, key: &str) -> Self {
        Self {
            client: browser.raw().clone(),
            base: browser.at("/api/v1"),
            key: key.to_owned(),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.key)
    }

    pub async fn get(&self, path: &str) -> Told {
        told(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Told {
        told(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Told {
        told(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Told {
        told(self.request(Method::DELETE, path)).await
    }

    /// Where the artifact of some deployment of a demo is.
    pub async fn any_artifact(&self) -> String {
        let project = self.get("/projects?limit=1").await.text("/data/0/id");
        let path = format!("/projects/{project}/deployments?limit=1");
        let run = self.get(&path).await.text("/data/0/id");
        format!("/deployments/{run}/artifact")
    }

    /// Stores a file.
    pub async fn put(&self, path: &str, bytes: Vec<u8>) -> Told {
        told(self.request(Method::PUT, path).body(bytes)).await
    }
}

/// Sends a request and reads what comes back.
pub async fn told(request: RequestBuilder) -> Told {
    let page = page(request.send().await.unwrap()).await;
    let json = serde_json::from_str(&page.body).unwrap_or_default();
    Told { page, json }
}

impl World {
    /// A program with a key of every scope, on behalf of an organization's
    /// owner.
    pub async fn program(&self, slug: &str) -> Program {
        self.program_with(slug, &KeyScope::ALL).await
    }

    /// The same, with those scopes.
    pub async fn program_with(&self, slug: &str, scopes: &[KeyScope]) -> Program {
        let (_, key) = self.key(slug, &format!("owner@{slug}.test"), scopes).await;
        Program::new(&self.visitor(), &key)
    }
}
