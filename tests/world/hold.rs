//! A way to Stripe on which an answer can be held back.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use tokio::{net::TcpListener, sync::Notify};

/// Passes all on, and holds the next answer back that it is told to hold.
#[derive(Clone)]
pub struct Held {
    pub url: String,
    client: reqwest::Client,
    to: String,
    /// What the path of the request has in it, and how many go through before.
    next: Arc<std::sync::Mutex<Option<(String, usize)>>>,
    caught: Arc<Notify>,
    released: Arc<Notify>,
}

impl Held {
    pub async fn before(to: &str, client: reqwest::Client) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let held = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            client,
            to: to.to_owned(),
            next: Arc::default(),
            caught: Arc::default(),
            released: Arc::default(),
        };
        let router = Router::new().fallback(pass).with_state(held.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        held
    }

    /// Holds the next answer back to a look at what has that in its path, once
    /// so many of them went through.
    pub fn hold(&self, path: &str, after: usize) {
        *self.next.lock().unwrap() = Some((path.to_owned(), after));
    }

    /// Waits until there is such an answer, which is as old as that from now on.
    pub async fn caught(&self) {
        self.caught.notified().await;
    }

    /// Lets it go.
    pub fn release(&self) {
        self.released.notify_one();
    }

    fn is_awaited(&self, request: &Request) -> bool {
        let mut next = self.next.lock().unwrap();
        let Some((awaited, before)) = next.as_mut() else {
            return false;
        };
        let path = request.uri().path();
        if request.method() != http::Method::GET || !path.contains(awaited.as_str()) {
            return false;
        }
        if *before > 0 {
            *before -= 1;
            return false;
        }
        *next = None;
        true
    }
}

async fn pass(State(held): State<Held>, request: Request) -> Response {
    let is_awaited = held.is_awaited(&request);
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let mut asked = held
        .client
        .request(parts.method, format!("{}{}", held.to, parts.uri))
        .body(body);
    for name in [
        "authorization",
        "content-type",
        "idempotency-key",
        "stripe-version",
    ] {
        if let Some(value) = parts.headers.get(name) {
            asked = asked.header(name, value);
        }
    }
    let answer = asked.send().await.unwrap();
    let status = answer.status();
    let bytes = answer.bytes().await.unwrap();
    if is_awaited {
        held.caught.notify_one();
        held.released.notified().await;
    }
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(bytes))
        .unwrap()
}
