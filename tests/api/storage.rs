//! Artifacts, and the bytes that they take.

use std::path::Path;

use atrium::{billing::Plan, entity::storage};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{deployment, project};
use crate::world::{
    World,
    client::{Program, told},
};

impl World {
    /// The gauges of all organizations together: bytes stored, and claimed.
    pub async fn gauge(&self) -> (i64, i64) {
        let gauges = storage::Entity::find().all(self.look()).await.unwrap();
        let sum = |of: fn(&storage::Model) -> i64| gauges.iter().map(of).sum();
        (
            sum(|gauge| gauge.bytes_stored),
            sum(|gauge| gauge.bytes_claimed),
        )
    }

    /// Bytes on disk, whatever they are called.
    fn on_disk(&self) -> u64 {
        fn size(path: &Path) -> u64 {
            let Ok(entries) = std::fs::read_dir(path) else {
                return 0;
            };
            let entries = entries.map(|entry| entry.unwrap());
            entries
                .map(|entry| match entry.metadata() {
                    Ok(found) if found.is_dir() => size(&entry.path()),
                    Ok(found) => found.len(),
                    Err(_) => 0,
                })
                .sum()
        }
        size(&self.artifacts())
    }

    /// Waits until as many bytes are on disk as are counted, and none is
    /// claimed.
    pub async fn settles(&self, bytes: u64) {
        for _ in 0..200 {
            let (stored, claimed) = self.gauge().await;
            if (stored.unsigned_abs(), claimed, self.on_disk()) == (bytes, 0, bytes) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!(
            "{:?} counted, {} on disk, {bytes} expected",
            self.gauge().await,
            self.on_disk()
        );
    }
}

pub async fn ready(w: &World) -> (Program, String) {
    let (program, id) = project(w, "acme").await;
    let run = deployment(&program, &id).await;
    (program, format!("/deployments/{run}/artifact"))
}

#[tokio::test]
async fn an_artifact_is_kept_replaced_and_deleted() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    assert_eq!(program.get(&path).await.status(), 404);
    let request = program.request(Method::PUT, &format!("{path}?name=build.tar.gz"));
    let stored = told(
        request
            .header("content-type", "application/gzip")
            .body("x".repeat(1000)),
    )
    .await;
    assert_eq!(stored.status(), 200, "{stored:?}");
    assert_eq!(stored.json["artifact"]["size"], 1000);
    assert_eq!(stored.text("/artifact/content_type"), "application/gzip");
    w.settles(1000).await;
    let file = program.get(&path).await.page;
    assert_eq!(file.body, "x".repeat(1000));
    assert_eq!(file.header("content-length"), "1000");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"build.tar.gz\"; filename*=UTF-8''build.tar.gz"
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-digest").starts_with("sha-256=:"));
    program.put(&path, vec![7; 300]).await;
    w.settles(300).await;
    let noted = w.audit("acme").await.pop().unwrap();
    let noted = serde_json::to_value(noted.metadata).unwrap();
    assert_eq!(
        noted["replaced"],
        json!({ "name": "build.tar.gz", "bytes": 1000 })
    );
    assert_eq!(program.delete(&path).await.status(), 204);
    w.settles(0).await;
    assert_eq!(program.get(&path).await.status(), 404);
    assert_eq!(program.delete(&path).await.status(), 404);
    let empty = program.request(Method::PUT, &path);
    let empty = told(empty.header("content-length", 0)).await;
    assert_eq!(empty.status(), 200);
    w.settles(0).await;
}

#[tokio::test]
async fn bytes_come_back_with_what_they_belonged_to() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    program.put(&path, vec![1; 500]).await;
    let project = program.get("/projects").await.text("/data/0/id");
    let environments = format!("/projects/{project}/environments");
    let preview = program
        .post(&environments, json!({ "name": "preview" }))
        .await
        .text("/id");
    let deployments = format!("/projects/{project}/deployments");
    let run = program
        .post(&deployments, json!({ "environment": "preview" }))
        .await
        .text("/id");
    program
        .put(&format!("/deployments/{run}/artifact"), vec![2; 200])
        .await;
    w.settles(700).await;
    assert_eq!(
        program
            .delete(&format!("/environments/{preview}"))
            .await
            .status(),
        204
    );
    w.settles(500).await;
    assert_eq!(
        program
            .delete(&format!("/projects/{project}"))
            .await
            .status(),
        204
    );
    w.settles(0).await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_before_it_is_kept() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let mib = 1 << 20;
    // Nobody has to send it to be told.
    let mut socket = connect(&w, &program, &path, &format!("{}", 100 * mib + 1)).await;
    let answer = read(&mut socket).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("\"limit\":\"storage_bytes\""), "{answer}");
    w.settles(0).await;
    let unknown = connect_with(&w, &program, &path, "transfer-encoding: chunked").await;
    let mut unknown = unknown;
    assert!(read(&mut unknown).await.starts_with("HTTP/1.1 411"));
    let mut nothing = connect_with(&w, &program, &path, "x-body: none").await;
    assert!(read(&mut nothing).await.starts_with("HTTP/1.1 411"));
    let part = program.request(Method::PUT, &path);
    let part = part.header("content-range", "bytes 0-2/10").body("abc");
    assert_eq!(
        told(part).await.text("/errors/0/pointer"),
        "#/Content-Range"
    );
    let mut huge = connect(&w, &program, &path, "99999999999999999999").await;
    let answer = read(&mut huge).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    w.settles(0).await;
    // Downgraded, all stays and nothing more comes.
    w.put_on("acme", Plan::Pro).await;
    assert_eq!(program.put(&path, vec![0; 101 * mib]).await.status(), 200);
    w.put_on("acme", Plan::Free).await;
    assert_eq!(program.get(&path).await.page.body.len(), 101 * mib);
    let project = program.get("/projects").await.text("/data/0/id");
    let other = deployment(&program, &project).await;
    let other = format!("/deployments/{other}/artifact");
    assert_eq!(program.put(&other, vec![0; 1]).await.status(), 403);
    w.settles(101 << 20).await;
    // What takes less than it replaces does.
    assert_eq!(program.put(&path, vec![0; 60 * mib]).await.status(), 200);
    assert_eq!(program.put(&path, vec![1; 60 * mib]).await.status(), 200);
    assert_eq!(program.put(&other, vec![0; 41 * mib]).await.status(), 403);
    w.settles(60 << 20).await;
}

#[tokio::test]
async fn what_was_to_make_room_and_is_gone_makes_none() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let mib = 1 << 20;
    assert_eq!(program.put(&path, vec![0; 60 * mib]).await.status(), 200);
    let length = format!("{}", 80 * mib);
    let mut socket = connect(&w, &program, &path, &length).await;
    socket.write_all(&vec![1; 79 * mib]).await.unwrap();
    while w.gauge().await != (60 << 20, 20 << 20) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // Its room is given to another before it is there.
    assert_eq!(program.delete(&path).await.status(), 204);
    let project = program.get("/projects").await.text("/data/0/id");
    let other = deployment(&program, &project).await;
    let other = format!("/deployments/{other}/artifact");
    assert_eq!(program.put(&other, vec![2; 70 * mib]).await.status(), 200);
    socket.write_all(&vec![1; mib]).await.unwrap();
    let answer = read(&mut socket).await;
    assert!(answer.contains("\"limit\":\"storage_bytes\""), "{answer}");
    w.settles(70 << 20).await;
}

#[tokio::test]
async fn who_was_cut_off_goes_on() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let file: Vec<u8> = (0..=u8::MAX)
        .filter(u8::is_ascii)
        .cycle()
        .take(70_000)
        .collect();
    program.put(&path, file.clone()).await;
    let whole = program.get(&path).await.page;
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let etag = whole.header("etag").to_owned();
    let part = async |range: &str, version: &str| {
        let request = program.request(Method::GET, &path).header("range", range);
        told(request.header("if-range", version)).await.page
    };
    let rest = part("bytes=60000-", &etag).await;
    assert_eq!(rest.status, 206);
    assert_eq!(rest.header("content-range"), "bytes 60000-69999/70000");
    assert_eq!(rest.header("content-length"), "10000");
    assert_eq!(rest.body.as_bytes(), &file[60_000..]);
    assert_eq!(rest.header("repr-digest"), whole.header("content-digest"));
    assert_eq!(rest.header("content-digest"), "");
    // Another file begins anew, and so does what isn't there.
    program.put(&path, vec![b'x'; 70_000]).await;
    let anew = part("bytes=60000-", &etag).await;
    assert_eq!((anew.status.as_u16(), anew.body.len()), (200, 70_000));
    let beyond = program
        .request(Method::GET, &path)
        .header("range", "bytes=70000-");
    assert_eq!(told(beyond).await.status(), 200);
}

/// A request for an upload, with its head sent and nothing of its body.
pub async fn connect(w: &World, program: &Program, path: &str, length: &str) -> TcpStream {
    connect_with(w, program, path, &format!("content-length: {length}")).await
}

async fn connect_with(w: &World, program: &Program, path: &str, header: &str) -> TcpStream {
    let addr = w.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(addr).await.unwrap();
    let head = format!(
        "PUT /api/v1{path} HTTP/1.1\r\nhost: {addr}\r\nauthorization: Bearer {}\r\n{header}\r\n\r\n",
        program.key
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

pub async fn read(socket: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4096];
    let mut answer = String::new();
    while !answer.contains("\r\n\r\n") || !answer.ends_with('}') {
        let count = socket.read(&mut bytes).await.unwrap();
        if count == 0 {
            break;
        }
        answer.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    answer
}

#[tokio::test]
async fn a_name_leads_nowhere_else() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    for (name, kept) in [
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("C%3A%5Ctemp%5Cx.zip", "x.zip"),
        ("gr%C3%B6%C3%9Fe.txt", "größe.txt"),
        ("a%22b.txt", "a\"b.txt"),
        ("", "artifact"),
    ] {
        let request = program.request(Method::PUT, &format!("{path}?name={name}"));
        let stored = told(request.body("x")).await;
        assert_eq!(stored.text("/artifact/name"), kept);
        let file = program.get(&path).await.page;
        let disposition = file.header("content-disposition");
        assert!(disposition.starts_with("attachment; "), "{disposition}");
        assert!(!disposition.contains("..") && disposition.matches('"').count() == 2);
    }
    for bad in ["..", "a%0D%0Ab", "x%00", "%E2%80%AEgpj.exe"] {
        let request = program.request(Method::PUT, &format!("{path}?name={bad}"));
        assert_eq!(told(request.body("x")).await.status(), 422, "{bad}");
    }
    let request = program.request(Method::PUT, &path);
    let request = request.header(
        "content-disposition",
        "attachment; filename=\"from header.bin\"",
    );
    let stored = told(request.header("content-type", "text/html").body("<script>")).await;
    assert_eq!(stored.text("/artifact/name"), "from header.bin");
    w.settles(8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_stand_in_nobodys_way() {
    let w = World::new().await;
    let (program, id) = project(&w, "acme").await;
    w.put_on("acme", Plan::Pro).await;
    let mut paths = Vec::new();
    for _ in 0..4 {
        let run = deployment(&program, &id).await;
        paths.push(format!("/deployments/{run}/artifact"));
    }
    // Each is replaced again and again, while others are stored and deleted.
    let all = (0..60).map(|nth| {
        let (program, path) = (&program, &paths[nth % 4]);
        async move {
            match nth % 5 {
                4 => program.delete(path).await.status(),
                3 => program.get(path).await.status(),
                _ => program.put(path, vec![7; 1000 + nth]).await.status(),
            }
        }
    });
    for status in futures_util::future::join_all(all).await {
        assert!([200, 204, 404].contains(&status), "{status}");
    }
    for (nth, path) in paths.iter().enumerate() {
        assert_eq!(program.put(path, vec![1; 10 + nth]).await.status(), 200);
    }
    w.settles(10 + 11 + 12 + 13).await;
}

#[tokio::test]
async fn owners_are_told_when_storage_runs_out() {
    let w = World::new().await;
    let (program, path) = ready(&w).await;
    let told = async |words: &str| {
        let mails = w.mail_to("owner@acme.test").await;
        let told = mails.iter().filter(|mail| mail.subject.contains(words));
        told.count()
    };
    let mib = 1 << 20;
    assert_eq!(program.put(&path, vec![0; 79 * mib]).await.status(), 200);
    assert_eq!(told("of its storage").await, 0);
    for _ in 0..2 {
        assert_eq!(program.put(&path, vec![0; 10 * mib]).await.status(), 200);
    }
    let project = program.get("/projects").await.text("/data/0/id");
    let other = format!(
        "/deployments/{}/artifact",
        deployment(&program, &project).await
    );
    assert_eq!(program.put(&other, vec![0; 75 * mib]).await.status(), 200);
    assert_eq!(told("80 % of its storage").await, 1);
    assert_eq!(program.put(&path, vec![0; 30 * mib]).await.status(), 403);
    assert_eq!(program.put(&path, vec![0; 30 * mib]).await.status(), 403);
    assert_eq!(told("all of its storage").await, 1);
    assert_eq!(told("80 % of its storage").await, 1);
}
