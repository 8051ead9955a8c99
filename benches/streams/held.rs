//! So many streams, held by a node of their own.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use reqwest::{
    Client,
    header::{COOKIE, HeaderMap, HeaderValue},
};
use tempfile::TempDir;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::{
    common,
    node::{self, Builds, Node, Work},
    support::{get, sign_in},
    viewers::Viewers,
};

/// How long it is looked at a node, and
const PHASE: Duration = Duration::from_secs(20);
/// before that, how long it is left alone.
const SETTLED: Duration = Duration::from_secs(3);
/// How many commits there are in the phase that has some.
const COMMITS: u32 = 20;
/// How long it is waited until the last viewer has seen one, and
const PATIENCE: Duration = Duration::from_secs(5);
/// until all who came in were told how things are.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(20);
const STREAM: &str = "/api/app/demo/stream";
const PEOPLE: [&str; 4] = [
    "owner%40demo.test",
    "admin%40demo.test",
    "member%40demo.test",
    "viewer%40demo.test",
];

/// The demo, and those who are signed in to it.
pub struct World {
    folder: TempDir,
    key: String,
    cookies: Vec<String>,
}

impl World {
    pub async fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = node::seed(folder.path());
        // By a node of its own: a password takes memory that isn't given back,
        // and streams would be held in it.
        let node = Node::atrium(folder.path()).await;
        let client = Client::new();
        let mut cookies = Vec::new();
        for email in PEOPLE {
            cookies.push(sign_in(&client, &node.url(""), email).await);
        }
        Self {
            folder,
            key,
            cookies,
        }
    }

    /// Somebody's browser.
    pub fn client(&self) -> Client {
        let cookie = HeaderValue::from_str(&self.cookies[0]).unwrap();
        let headers = HeaderMap::from_iter([(COOKIE, cookie)]);
        let client = Client::builder().default_headers(headers);
        client.build().unwrap()
    }
}

/// What a node does with so many streams.
pub struct Row {
    pub streams: usize,
    /// How many were opened per second.
    pub opened: f64,
    /// Memory of a stream in KiB, once all were told what there is, and
    pub each: f64,
    /// once they were told of commits.
    pub each_after: f64,
    pub idle: Work,
    /// At one commit per second.
    pub busy: Work,
    pub seen: Seen,
}

/// How soon viewers saw commits, in seconds.
pub struct Seen {
    pub commits: u32,
    from_sending: Vec<f64>,
    from_answer: Vec<f64>,
}

impl Seen {
    /// A percentile from when a commit was asked for.
    pub fn sending(&self, percent: usize) -> f64 {
        percentile(&self.from_sending, percent)
    }

    /// A percentile from when whoever asked for it knew that it was done; 0 for
    /// who saw it before.
    pub fn answer(&self, percent: usize) -> f64 {
        percentile(&self.from_answer, percent)
    }

    /// Of all that so many had to see, how much they saw in time.
    pub fn share(&self, viewers: usize) -> f64 {
        let due = viewers * self.commits as usize;
        self.from_sending.len() as f64 / due as f64
    }
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let place = sorted.len() * percent / 100;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

/// Streams that were opened, and what that took.
struct Opened {
    viewers: Viewers,
    per_second: f64,
    /// Of the node in MiB, before and after.
    before: f64,
    after: f64,
}

async fn open(node: &Node, path: &str, cookies: &[String], streams: usize) -> Opened {
    // What the first ones take once isn't to be counted for all.
    let mut first = Viewers::open(node.port(), path, cookies, cookies.len()).await;
    first.told_of(0, PATIENCE_AT_FIRST).await;
    drop(first);
    sleep(Duration::from_secs(1)).await;
    let before = node.memory();
    let begun = Instant::now();
    let mut viewers = Viewers::open(node.port(), path, cookies, streams).await;
    let per_second = streams as f64 / begun.elapsed().as_secs_f64();
    let told = viewers.told_of(0, PATIENCE_AT_FIRST).await.len();
    assert_eq!(told, streams, "viewers who were told how things are");
    sleep(SETTLED).await;
    Opened {
        viewers,
        per_second,
        before,
        after: node.memory(),
    }
}

/// Has pages answered, until all connections to the database are open and know
/// their statements.
async fn warm(node: &Node, world: &World) {
    let page = get(&world.client(), node.url("/app/demo"));
    let pages = stream::iter(0..320).for_each_concurrent(16, |_| page());
    pages.await;
}

/// One commit per second, each seen by all.
async fn commits(builds: &Builds, viewers: &mut Viewers) -> Seen {
    let (mut from_sending, mut from_answer) = (Vec::new(), Vec::new());
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..COMMITS {
        second.tick().await;
        let next = viewers.newest() + 1;
        let sent = Instant::now();
        builds.report().await;
        let answered = Instant::now();
        for at in viewers.told_of(next, PATIENCE).await {
            from_sending.push(at.duration_since(sent).as_secs_f64());
            from_answer.push(at.saturating_duration_since(answered).as_secs_f64());
        }
    }
    second.tick().await;
    from_sending.sort_by(f64::total_cmp);
    from_answer.sort_by(f64::total_cmp);
    Seen {
        commits: COMMITS,
        from_sending,
        from_answer,
    }
}

/// Memory of a stream in KiB.
fn each(before: f64, after: f64, streams: usize) -> f64 {
    (after - before) * 1024.0 / streams as f64
}

/// Holds so many on a new node, and gives them with it.
pub async fn ours(world: &World, streams: usize) -> (Row, Node, Viewers) {
    let node = Node::atrium(world.folder.path()).await;
    let builds = Builds::of(&node, &world.key).await;
    warm(&node, world).await;
    let opened = open(&node, STREAM, &world.cookies, streams).await;
    let mut viewers = opened.viewers;
    let ((), idle) = node.during(sleep(PHASE)).await;
    let (seen, busy) = node.during(commits(&builds, &mut viewers)).await;
    assert_eq!(viewers.held(), streams, "all streams are still open");
    let row = Row {
        streams,
        opened: opened.per_second,
        each: each(opened.before, opened.after, streams),
        each_after: each(opened.before, node.memory(), streams),
        idle,
        busy,
        seen,
    };
    (row, node, viewers)
}

/// What the common design takes for so many.
pub struct Common {
    /// Memory of a stream in KiB.
    pub each: f64,
    pub idle: Work,
}

/// Has the common design hold so many.
pub async fn common(world: &World, streams: usize) -> Common {
    let node = Node::common(world.folder.path()).await;
    let mut opened = open(&node, common::PATH, &world.cookies, streams).await;
    let ((), idle) = node.during(sleep(PHASE)).await;
    assert_eq!(opened.viewers.held(), streams, "all streams are still open");
    Common {
        each: each(opened.before, opened.after, streams),
        idle,
    }
}
