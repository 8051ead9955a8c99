//! Processes that serve, each until it is dropped.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::sleep};

use crate::{common, support};

/// Counts each statement that is sent to the database.
pub const STATEMENTS: &str = "atrium_database_statements_total";
const STREAMS: &str = "atrium_streams";
/// As the system counts the time of processes, in seconds.
const TICK: f64 = 0.01;
/// More than are ever opened.
const CAP: &str = "20000";

pub struct Node {
    process: Child,
    port: u16,
    /// Where its figures are.
    metrics: u16,
    client: Client,
}

/// What it did while something else went on.
#[derive(Clone, Copy)]
pub struct Work {
    /// Of one core.
    pub cpu: f64,
    /// Per second.
    pub statements: f64,
}

/// Makes the demo in a folder, and gives a key of its first organization.
pub fn seed(folder: &Path) -> String {
    let seeded = atrium(folder).args(["seed", "--json"]).output().unwrap();
    let said = String::from_utf8_lossy(&seeded.stderr);
    assert!(seeded.status.success(), "{said}");
    let seeded: Value = serde_json::from_slice(&seeded.stdout).unwrap();
    let key = seeded["organizations"][0]["api_key"].as_str();
    key.unwrap().to_owned()
}

/// As it is built for release, with all that it keeps in a folder.
fn atrium(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atrium"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LEPTOS_SITE_ROOT", empty_site(folder))
        .env("LEPTOS_HASH_FILES", "false")
        .env("RUST_LOG", "off");
    command
}

/// The files for browsers, with nothing in them.
fn empty_site(folder: &Path) -> String {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    for kind in ["css", "js", "wasm"] {
        std::fs::write(site.join(format!("pkg/atrium.{kind}")), "").unwrap();
    }
    site.display().to_string()
}

/// Below those that systems give to outgoing connections.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(21_000);
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(port < 31_000, "no port is free");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Node {
    /// Atrium, with the demo of a folder.
    pub async fn atrium(folder: &Path) -> Self {
        let (port, metrics) = (free_port(), free_port());
        let mut command = atrium(folder);
        command
            .arg("serve")
            .env("PORT", port.to_string())
            .env("METRICS_ADDR", format!("127.0.0.1:{metrics}"))
            .env("STREAMS_PER_USER", CAP)
            .env("STREAMS_PER_ORGANIZATION", CAP);
        Self::start(command, port, metrics).await
    }

    /// The common design, on the same database.
    pub async fn common(folder: &Path) -> Self {
        let port = free_port();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([common::FLAG, &port.to_string()])
            .current_dir(folder)
            .env_clear();
        Self::start(command, port, port).await
    }

    async fn start(mut command: Command, port: u16, metrics: u16) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut node = Self {
            process: command.spawn().unwrap(),
            port,
            metrics,
            client: Client::new(),
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            let ended = node.process.try_wait().unwrap();
            assert!(ended.is_none(), "it doesn't serve: {ended:?}");
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(20), "it doesn't listen");
            sleep(Duration::from_millis(20)).await;
        }
        node
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where that path is served.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> f64 {
        support::memory(self.process.id())
    }

    /// What it does until something else is done, and what came of that.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> (T, Work) {
        let (begun, cpu) = (Instant::now(), self.cpu());
        let statements = self.figure(STATEMENTS).await;
        let done = work.await;
        let statements = self.figure(STATEMENTS).await - statements;
        let (took, cpu) = (begun.elapsed().as_secs_f64(), self.cpu() - cpu);
        let work = Work {
            cpu: cpu / took,
            statements: statements / took,
        };
        (done, work)
    }

    /// Waits until nobody watches any more.
    pub async fn emptied(&self) {
        let begun = Instant::now();
        while self.figure(STREAMS).await > 0.0 {
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(20), "streams stay open");
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// How long it has been at work, in seconds.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // What follows the name, which may have anything in it.
        let (_, rest) = stat.rsplit_once(')').unwrap();
        let ticks = rest.split_whitespace().skip(11).take(2);
        ticks
            .map(|ticks| ticks.parse::<f64>().unwrap())
            .sum::<f64>()
            * TICK
    }

    /// One of its figures for Prometheus, over all labels.
    async fn figure(&self, name: &str) -> f64 {
        let url = format!("http://127.0.0.1:{}/metrics", self.metrics);
        let answer = self.client.get(url).send().await.unwrap();
        let text = answer.text().await.unwrap();
        let value = |line: &str| {
            let rest = line.strip_prefix(name)?;
            let is_it = rest.starts_with([' ', '{']);
            rest.rsplit(' ')
                .next()
                .filter(|_| is_it)?
                .parse::<f64>()
                .ok()
        };
        let values: Vec<f64> = text.lines().filter_map(value).collect();
        assert!(!values.is_empty(), "{name} isn't among its figures");
        values.iter().sum()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// Somebody's build server, which reports deployments.
pub struct Builds {
    client: Client,
    url: String,
    key: String,
}

impl Builds {
    pub async fn of(node: &Node, key: &str) -> Self {
        let client = Client::new();
        let list = client.get(node.url("/api/v1/projects?limit=1"));
        let list = list.bearer_auth(key).send().await.unwrap();
        let list: Value = list.json().await.unwrap();
        let project = list["data"][0]["id"].as_str().unwrap();
        Self {
            url: node.url(&format!("/api/v1/projects/{project}/deployments")),
            key: key.to_owned(),
            client,
        }
    }

    pub async fn report(&self) {
        let body = json!({ "git_ref": "main", "message": "Of a bench" });
        let sent = self.client.post(&self.url).bearer_auth(&self.key);
        let answer = sent.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 201);
    }
}
