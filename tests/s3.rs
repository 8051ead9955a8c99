//! Artifacts in a bucket of a server that speaks S3.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use reqwest::{Client, Method, StatusCode};

use crate::world::{self, Browser, client};

/// A server with an empty bucket.
struct Bucket {
    process: Child,
    url: String,
}

impl Bucket {
    async fn start(client: &Client) -> Self {
        let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/moto");
        assert!(tool.is_dir(), "run `scripts/tools s3` first");
        let port = free_port();
        let process = Command::new("python3")
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port])
            .env("PYTHONPATH", tool)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let bucket = Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
        };
        for _ in 0..300 {
            let made = client.put(format!("{}/bucket", bucket.url)).send().await;
            if made.is_ok_and(|made| made.status().is_success()) {
                return bucket;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no bucket on {}", bucket.url);
    }

    /// The names of all there is in it, and of all that is under way.
    async fn list(&self, client: &Client) -> String {
        let objects = client.get(format!("{}/bucket?list-type=2", self.url));
        let uploads = client.get(format!("{}/bucket?uploads", self.url));
        let mut told = String::new();
        for request in [objects, uploads] {
            told += &request.send().await.unwrap().text().await.unwrap();
        }
        told.split("<Key>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned() + "\n")
            .collect()
    }
}

fn free_port() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port().to_string()
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

#[tokio::test]
async fn artifacts_are_kept_in_a_bucket() {
    let browser = Browser::new("");
    let client = browser.raw();
    let bucket = Bucket::start(client).await;
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("a.db").display());
    let environment = [
        ("DATABASE_URL", database.as_str()),
        ("STORAGE_URL", "s3://bucket/some/prefix"),
        ("AWS_ENDPOINT_URL", &bucket.url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("RUST_LOG", "off"),
    ];
    let key = world::Program::seed(&environment);
    let mut running = world::Program::start(&environment);
    let program = client::Program::new(&Browser::new(&running.url()), &key);
    let path = program.any_artifact().await;
    // In one part, and in several.
    for bytes in [1_000, 20 << 20] {
        let stored = program.put(&path, vec![7; bytes]).await;
        assert_eq!(stored.status(), 200, "{stored:?}");
        let file = program.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::OK);
        assert_eq!(file.bytes().await.unwrap(), vec![7; bytes]);
    }
    let mut kept = bucket.list(client).await;
    for _ in 0..100 {
        if kept.lines().count() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        kept = bucket.list(client).await;
    }
    assert!(
        kept.starts_with("some/prefix/org_") && kept.lines().count() == 1,
        "{kept}"
    );
    let chunks = [Ok(vec![7; 12 << 20]), Err("cut off")];
    let cut_off = futures_util::stream::iter(chunks);
    let request = program.request(Method::PUT, &path);
    let request = request.header("content-length", 20 << 20);
    let body = reqwest::Body::wrap_stream(cut_off);
    assert!(request.body(body).send().await.is_err());
    assert_eq!(program.delete(&path).await.status(), 204);
    for _ in 0..100 {
        if bucket.list(client).await.is_empty() {
            assert!(running.stop().success());
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{}", bucket.list(client).await);
}
