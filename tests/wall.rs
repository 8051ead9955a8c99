//! The outer wall.

use std::collections::HashSet;

use atrium::organizations::api::MyOrganizations;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::world::World;

fn directive<'a>(policy: &'a str, name: &str) -> &'a str {
    policy
        .split(';')
        .map(str::trim)
        .find_map(|part| part.strip_prefix(name))
        .unwrap_or_default()
        .trim()
}

#[tokio::test]
async fn every_answer_carries_the_headers_of_the_wall() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let mut ids = HashSet::new();
    for path in [
        "/",
        "/auth/signin",
        "/app/acme",
        "/account",
        "/nowhere",
        "/healthz",
        "/favicon.svg",
        "/_dev/mail",
    ] {
        let page = owner.get(path).await;
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            page.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            page.header("strict-transport-security"),
            "",
            "{path}: not on http"
        );
        let policy = page.header("content-security-policy");
        assert_eq!(directive(policy, "default-src"), "'none'", "{path}");
        assert_eq!(directive(policy, "frame-ancestors"), "'none'", "{path}");
        assert!(
            !policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"),
            "{path}: {policy}"
        );
        assert!(
            ids.insert(page.header("x-request-id").to_owned()),
            "{path}: an id of its own"
        );
        if path.starts_with("/app") || path == "/account" {
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_on_all_its_scripts() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let mut nonces = HashSet::new();
    for path in ["/", "/auth/signin", "/app/acme", "/nowhere"] {
        let page = owner.get(path).await;
        let scripts = directive(page.header("content-security-policy"), "script-src");
        let nonce = scripts
            .strip_prefix("'nonce-")
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        assert!(nonce.len() >= 20);
        let tags: Vec<_> = page
            .body
            .match_indices("<script")
            .map(|(at, _)| page.body[at..].split('>').next().unwrap())
            .collect();
        assert!(!tags.is_empty());
        for tag in tags {
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(
            !page.body.contains(" style=\"") && !page.body.contains(" onclick="),
            "{path}"
        );
        assert!(nonces.insert(nonce), "{path}");
    }
}

#[tokio::test]
async fn on_https_cookies_are_bound_to_the_host() {
    let w = World::with(&["--app-url", "https://atrium.example"]).await;
    w.account("ada@example.com").await;
    let ada = w.visitor();
    let body = format!(
        "email=ada%40example.com&password={}",
        crate::world::PASSWORD.replace(' ', "+")
    );
    let page = ada.post("/_fn/sign_in", body, "application/json").await;
    let cookie = page
        .cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("__Host-"))
        .unwrap()
        .to_owned();
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(
        page.header("strict-transport-security"),
        "max-age=31536000; includeSubDomains"
    );
    assert_eq!(
        ada.get("/_dev/mail").await.status.as_u16(),
        404,
        "no development pages here"
    );
    assert_eq!(ada.get("/_dev/gallery").await.status.as_u16(), 404);
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let sent = owner
            .raw()
            .post(owner.at("/_fn/delete_organization"))
            .header(name, value)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("org=acme&confirmation=acme")
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status().as_u16(), 403, "{name}: {value}");
    }
    let bare = owner
        .raw()
        .post(owner.at("/_fn/sign_out"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        bare.status().as_u16(),
        403,
        "a cookie, and nothing that says where from"
    );
    assert_eq!(owner.call(MyOrganizations {}).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_changes_by_get() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    for path in [
        "/_fn/delete_organization?org=acme&confirmation=acme",
        "/_fn/sign_out",
    ] {
        let page = owner.get(path).await;
        assert!(
            matches!(page.status.as_u16(), 404 | 405),
            "{path}: {}",
            page.status
        );
    }
    assert_eq!(owner.call(MyOrganizations {}).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_missing_page_says_so_with_the_request_id() {
    let w = World::new().await;
    let page = w.visitor().get("/nowhere/at/all").await;
    assert_eq!(page.status.as_u16(), 404);
    assert!(
        page.body.contains("Page not found") && page.body.contains(page.header("x-request-id"))
    );
}

#[tokio::test]
async fn an_unknown_function_is_not_found() {
    let w = World::new().await;
    let page = w
        .visitor()
        .post("/_fn/no_such_function", "", "application/json")
        .await;
    assert!(matches!(page.status.as_u16(), 404 | 405), "{page:?}");
}

#[tokio::test]
async fn health_is_told() {
    let w = World::new().await;
    assert_eq!(w.visitor().get("/healthz").await.status, 200);
    assert_eq!(w.visitor().get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_request_that_never_ends_is_ended() {
    let w = World::new().await;
    let mut socket = TcpStream::connect(w.url.trim_start_matches("http://"))
        .await
        .unwrap();
    socket
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(
        std::time::Duration::from_secs(20),
        socket.read_to_end(&mut answer),
    )
    .await;
    assert!(ended.is_ok(), "the connection was closed");
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_read() {
    let w = World::new().await;
    let mut socket = TcpStream::connect(w.url.trim_start_matches("http://"))
        .await
        .unwrap();
    let head = "POST /_fn/sign_in HTTP/1.1\r\nHost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
        content-length: 10000000000\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_form_without_an_end_of_its_parts_is_refused() {
    let w = World::new().await;
    let visitor = w.visitor();
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "text/plain",
        "x",
    ] {
        for function in ["set_organization_image", "sign_in"] {
            let request = visitor
                .raw()
                .post(visitor.at(&format!("/_fn/{function}")))
                .header("content-type", kind)
                .header("accept", "application/json");
            let status = request.body("x").send().await.unwrap().status();
            assert!(status.is_client_error(), "{function} {kind}: {status}");
        }
    }
}

#[tokio::test]
async fn what_is_no_request_for_a_page_is_refused() {
    let w = World::new().await;
    for line in [
        "CONNECT evil.test:443",
        "OPTIONS *",
        "GET http://evil.test/",
    ] {
        let mut socket = TcpStream::connect(w.url.strip_prefix("http://").unwrap())
            .await
            .unwrap();
        let request = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert!(!answer.starts_with("HTTP/1.1 5"), "{line}: {answer}");
    }
}

#[tokio::test]
async fn an_unknown_function_and_an_odd_image_are_told_as_problems() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let page = owner.post("/_fn/nope", "", "application/json").await;
    let kind = page.header("content-type");
    assert_eq!(
        (page.status.as_u16(), kind),
        (404, "application/problem+json")
    );
    for path in ["/app/%ff/image/a", "/app/acme/image/%ff"] {
        let page = owner.get(path).await;
        let kind = page.header("content-type");
        assert_eq!(
            (page.status.as_u16(), kind),
            (404, "application/problem+json"),
            "{path}"
        );
    }
}
