//! What several benches do.

#![allow(dead_code)] // Each of them takes what it needs.

use std::{
    pin::Pin,
    time::{Duration, Instant},
};

use atrium::{program::seed::PASSWORD, server::config::Config};
use clap::Parser;
use reqwest::Client;
use tokio::task::JoinSet;

/// How long something is done over and over.
const ROUND: Duration = Duration::from_secs(4);

#[derive(Parser)]
struct JustConfig {
    #[command(flatten)]
    config: Config,
}

/// The configuration that those arguments make.
pub fn config(arguments: &[&str]) -> Config {
    let line = std::iter::once("atrium").chain(arguments.iter().copied());
    JustConfig::try_parse_from(line).unwrap().config
}

pub struct Measured {
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
}

/// Does something over and over, so many at a time.
pub async fn measure<F, Fut>(at_a_time: usize, work: F) -> Measured
where
    F: Fn() -> Fut + Clone + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    let mut workers = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..at_a_time {
        let work = work.clone();
        workers.spawn(async move {
            let mut took = Vec::new();
            while begun.elapsed() < ROUND {
                let one = Instant::now();
                work().await;
                took.push(one.elapsed());
            }
            took
        });
    }
    let mut took: Vec<Duration> = workers.join_all().await.into_iter().flatten().collect();
    took.sort_unstable();
    Measured {
        rate: took.len() as f64 / begun.elapsed().as_secs_f64(),
        p50: took[took.len() / 2],
        p99: took[took.len() * 99 / 100],
    }
}

/// Gets a page, which must be there.
pub fn get(
    client: &Client,
    url: String,
) -> impl Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Clone + Send + use<> {
    let client = client.clone();
    move || {
        let request = client.get(&url).header("accept", "text/html").send();
        Box::pin(async move {
            let response = request.await.unwrap();
            assert_eq!(response.status(), 200);
            response.bytes().await.unwrap();
        })
    }
}

/// Signs in someone of the demo, whose address is written as a form has it, and
/// gives the cookie.
pub async fn sign_in(client: &Client, base: &str, email: &str) -> String {
    let form = format!("email={email}&password={PASSWORD}&callback_url=");
    let sent = client
        .post(format!("{base}/_fn/sign_in"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send();
    let answer = sent.await.unwrap();
    assert_eq!(answer.status(), 200);
    let cookies = answer.headers().get_all("set-cookie").iter();
    let session = cookies
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        .find(|cookie| cookie.starts_with("atrium_session="));
    session.expect("the cookie of a session").to_owned()
}

/// Resident memory of a process, in MiB.
pub fn memory(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1024.0
}
