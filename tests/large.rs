//! A file that is larger than all that is held of it.

use axum::body::Bytes;
use futures_util::stream;
use reqwest::{Body, Method};
use sha2::{Digest, Sha256};

use crate::world::{self, Browser, client};

const GIB: usize = 1 << 30;
const CHUNK: usize = 1 << 20;
/// How much more memory it may take than without, in MiB.
const MORE: u64 = 64;

#[tokio::test]
async fn a_gibibyte_passes_with_flat_memory() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("a.db").display());
    let storage = format!("file://{}", folder.path().join("artifacts").display());
    let environment = [
        ("DATABASE_URL", database.as_str()),
        ("STORAGE_URL", storage.as_str()),
    ];
    let key = world::Program::seed(&environment);
    let running = world::Program::start(&environment);
    let program = client::Program::new(&Browser::new(&running.url()), &key);
    let path = program.any_artifact().await;
    let before = running.most_memory();
    let chunk = Bytes::from(vec![7; CHUNK]);
    let chunks = stream::iter((0..GIB / CHUNK).map(move |_| Ok::<_, String>(chunk.clone())));
    let request = program.request(Method::PUT, &path);
    let request = request.header("content-length", GIB);
    let stored = client::told(request.body(Body::wrap_stream(chunks))).await;
    assert_eq!(stored.status(), 200, "{stored:?}");
    assert_eq!(stored.json["artifact"]["size"], GIB);
    let mut file = program.request(Method::GET, &path).send().await.unwrap();
    let (mut bytes, mut hash) = (0, Sha256::new());
    while let Some(chunk) = file.chunk().await.unwrap() {
        bytes += chunk.len();
        hash.update(&chunk);
    }
    assert_eq!(bytes, GIB);
    let digest: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(stored.text("/artifact/sha256"), digest);
    let most = running.most_memory();
    assert!(most - before < MORE, "{before} MiB before, {most} with it");
}
