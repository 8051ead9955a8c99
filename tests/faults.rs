//! Faults of our own, and of what the program stands on.

use std::time::Duration;

use atrium::{
    error::AppError,
    identity::api::{ChangeName, GetMe},
    program::router::walled,
};
use axum::{Router, body::Body, routing::get};
use http::Request;
use tower::ServiceExt;

use crate::world::{World, site};

const SECRET: &str = "what only the log may have";

async fn boom() {
    panic!("{SECRET}");
}

#[tokio::test]
async fn a_panic_is_told_as_a_reference_and_nothing_else() {
    let w = World::at_rest().await;
    let routes = Router::new().route("/boom", get(boom));
    let router = walled(routes, Router::new(), &w.services, &site());
    for (accept, kind) in [
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/problem+json"),
    ] {
        let request = Request::get("/boom").header("accept", accept);
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 500);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), kind);
        assert_eq!(header("x-content-type-options"), "nosniff");
        let id = header("x-request-id");
        let body = axum::body::to_bytes(response.into_body(), 100_000).await;
        let body = String::from_utf8(body.unwrap().to_vec()).unwrap();
        assert!(body.contains(&id), "{body}");
        assert!(body.contains("reference"), "{body}");
        assert!(!body.contains(SECRET) && !body.contains("panic"), "{body}");
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_told_and_its_return_is_noticed() {
    let (w, mut link) = World::with_link().await;
    let ada = w.person("ada@example.com").await;
    let rename = |name: &str| ChangeName { name: name.into() };
    ada.call(rename("Ada")).await.unwrap();

    link.cut().await;
    let answer = tokio::time::timeout(Duration::from_secs(5), ada.call(rename("Lost")));
    assert_eq!(
        answer.await.expect("nobody waits for longer"),
        Err(AppError::Unavailable)
    );
    assert_eq!(ada.get("/healthz").await.status, 200, "the program is fine");
    if w.services.db.is_postgres() {
        for path in ["/account", "/readyz"] {
            let page = ada.get(path).await;
            assert_eq!(page.status, 503, "{path}");
            assert_eq!(page.header("retry-after"), "5", "{path}");
        }
    }

    link.restore().await;
    let mut tries = 0;
    while ada.call(rename("Ada Lovelace")).await.is_err() {
        tries += 1;
        assert!(tries < 100, "it is back, and nobody notices");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ada.call(GetMe {}).await.unwrap().name, "Ada Lovelace");
}
