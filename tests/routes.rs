//! What is routed past Leptos, and for whom.

use std::collections::BTreeSet;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{doors::cast, world::World};

#[tokio::test]
async fn an_image_is_for_those_who_manage() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        *status = who.send_image("acme").await.status.as_u16();
    }
    assert_eq!(met, [200, 200, 403, 403, 404, 401]);
    let digest = w.organization("acme").await.image.unwrap();
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        let image = who.get(&format!("/app/acme/image/{digest}")).await;
        *status = image.status.as_u16();
    }
    assert_eq!(met, [200, 200, 200, 200, 404, 401]);
}

/// What is routed past Leptos, and where it is tried.
const ROUTES: [(&str, &str); 20] = [
    ("/healthz", "open to all: tests/configuration.rs"),
    ("/readyz", "open to all: tests/faults.rs"),
    ("/favicon.svg", "a file"),
    ("/favicon.ico", "a file"),
    ("/robots.txt", "a file"),
    ("/pkg", "files"),
    ("/fonts", "files"),
    ("/images", "files"),
    ("/_dev/mail", "in development: tests/wall.rs"),
    ("/_dev/mail/{file}", "in development: tests/wall.rs"),
    (
        "/app/{org}/image/{digest}",
        "an_image_is_for_those_who_manage",
    ),
    ("/api/openapi.json", "open to all: tests/api"),
    (
        "/api/stripe/webhook",
        "open to whoever signs: tests/billing/signatures.rs",
    ),
    ("/api", "nothing: tests/api/documents.rs"),
    ("/api/", "nothing: tests/api/documents.rs"),
    ("/api/{*rest}", "nothing: tests/api/documents.rs"),
    (
        "/api/app/{org}/deployments/{deployment}/artifact",
        "an_artifact_is_for_those_who_may_have_it",
    ),
    (
        "/api/app/{org}/audit.csv",
        "an_export_is_for_those_who_see_the_log",
    ),
    (
        "/api/app/{org}/audit.jsonl",
        "an_export_is_for_those_who_see_the_log",
    ),
    ("/api/app/{org}/stream", "a_stream_is_for_members"),
];

#[test]
fn every_route_past_leptos_has_an_expectation() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/program");
    let known: BTreeSet<String> = ROUTES
        .iter()
        .map(|(route, _)| (*route).to_owned())
        .collect();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        let code = source.split("mod tests {").next().unwrap();
        for call in [".route(", ".route_service(", ".nest_service("] {
            for (at, _) in code.match_indices(call) {
                let rest = code[at + call.len()..].trim_start();
                let path = rest
                    .strip_prefix('"')
                    .expect("a path that can be read here");
                found.insert(path[..path.find('"').unwrap()].to_owned());
            }
        }
    }
    assert_eq!(found, known);
}

#[tokio::test]
async fn an_export_is_for_those_who_see_the_log() {
    let w = World::new().await;
    let cast = cast(&w).await;
    w.put_on("acme", atrium::billing::Plan::Starter).await;
    for path in ["/api/app/acme/audit.csv", "/api/app/acme/audit.jsonl"] {
        let mut met = [0; 6];
        for (status, who) in met.iter_mut().zip(&cast.people) {
            let answer = who.get(path).await;
            *status = answer.status.as_u16();
            if *status != 200 {
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
        assert_eq!(met, [200, 200, 403, 403, 404, 401], "{path}");
    }
}

#[tokio::test]
async fn a_stream_is_for_members() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        let asked = who.raw().head(who.at("/api/app/acme/stream"));
        *status = asked.send().await.unwrap().status().as_u16();
    }
    assert_eq!(met, [204, 204, 204, 204, 404, 401]);
}

#[tokio::test]
async fn an_artifact_is_for_those_who_may_have_it() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let path = format!("/api/app/acme/deployments/{}/artifact", cast.deployment);
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        *status = who
            .send_file(&path, "x.txt", b"bytes")
            .await
            .status
            .as_u16();
    }
    // Back to the page, with or without it; or to where one signs in.
    assert_eq!(met, [303, 303, 303, 403, 404, 303]);
    let mut met = [0; 6];
    for (status, who) in met.iter_mut().zip(&cast.people) {
        *status = who.get(&path).await.status.as_u16();
    }
    // A browser is sent to where one signs in.
    assert_eq!(met, [200, 200, 200, 200, 404, 303]);
    let program = cast.people[5].raw().get(cast.people[5].at(&path));
    assert_eq!(program.send().await.unwrap().status(), 401);
    let file = cast.people[3].get(&path).await;
    assert_eq!(file.body, "bytes");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"x.txt\"")
    );
}

#[tokio::test]
async fn a_form_that_is_refused_says_why() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let owner = &cast.people[0];
    let path = format!("/api/app/acme/deployments/{}/artifact", cast.deployment);
    let large = vec![7; 101 << 20];
    for (name, bytes, told) in [
        ("..", b"x".as_slice(), "Give the file another name"),
        ("", b"x".as_slice(), "Choose a file."),
        ("x.txt", large.as_slice(), "There is no room for that."),
    ] {
        let back = owner.send_file(&path, name, bytes).await;
        let page = owner.get(back.location()).await.body;
        assert!(page.contains(told), "{told}");
        assert!(!page.contains("marked fields"));
    }
    let again = owner.send_file(&path, "x.txt", &large).await;
    let page = owner.get(again.location()).await.body;
    assert!(page.contains("The Starter plan includes 1 GiB."), "{page}");
}

#[tokio::test]
async fn a_form_is_not_held_in_memory() {
    let w = World::new().await;
    let cast = cast(&w).await;
    let path = format!("/api/app/acme/deployments/{}/artifact", cast.deployment);
    let cookie = w.visitor().session("owner@acme.test").await;
    let addr = w.url.strip_prefix("http://").unwrap();
    // Of a file that never begins, no more is taken than a little.
    for begin in ["", "--x\r\nContent-Disposition: "] {
        let mut socket = TcpStream::connect(addr).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {addr}\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
             content-type: multipart/form-data; boundary=x\r\ncontent-length: 60000000\r\n\r\n{begin}"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&vec![b'a'; 3 << 20]).await.unwrap();
        let mut answer = [0; 12];
        let read = socket.read_exact(&mut answer);
        let read = tokio::time::timeout(std::time::Duration::from_secs(10), read).await;
        read.expect("it doesn't wait for more").unwrap();
        assert_eq!(&answer, b"HTTP/1.1 303");
        // Whoever listens only once all is sent hears it as well.
        let rest = 60_000_000 - begin.len() - (3 << 20);
        socket.write_all(&vec![b'a'; rest]).await.unwrap();
        let again = format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n");
        socket.write_all(again.as_bytes()).await.unwrap();
        let mut rest = String::new();
        socket.read_to_string(&mut rest).await.unwrap();
        assert!(rest.contains("HTTP/1.1 401"), "{rest}");
    }
    let file = cast.people[0].get(&path).await;
    assert_eq!(file.status, 404);
}
