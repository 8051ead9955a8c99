//! Measures streams that are held open: what they cost a node in memory, time
//! and statements, how soon all see a commit, and what a page costs beside
//! them. The design that is common, where each connection asks the database by
//! itself, is measured in the same run.
//!
//! Ratios within the run are what counts: the client has the same cores as the
//! server, and takes its part of them at each commit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "streams/common.rs"]
mod common;
#[path = "streams/held.rs"]
mod held;
#[path = "streams/node.rs"]
mod node;
mod support;
#[path = "streams/table.rs"]
mod table;
#[path = "streams/viewers.rs"]
mod viewers;

use std::{process::ExitCode, time::Duration};

use held::{Row, World};
use node::Node;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::{get, measure};
use table::{ms, percent, ratio};
use tokio::{
    signal::{
        ctrl_c,
        unix::{SignalKind, signal},
    },
    time::sleep,
};
use viewers::Viewers;

/// It is given up after so long, whatever is still to be measured.
const LONGEST: Duration = Duration::from_secs(355);
/// How many are held; the common design is spared the last.
const FEW: [usize; 2] = [100, 1_000];
const MANY: usize = 10_000;
/// In KiB, of a stream.
const MEMORY_GOAL: f64 = 24.0;

/// A line for each row.
fn print(rows: &[Row], title: &str, head: &[&str], cells: impl Fn(&Row) -> Vec<String>) {
    let head: Vec<&str> = std::iter::once("streams")
        .chain(head.iter().copied())
        .collect();
    let line = |row: &Row| {
        let mut line = vec![row.streams.to_string()];
        line.extend(cells(row));
        line
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    table::print(title, &head, &lines);
}

fn print_rows(rows: &[Row]) {
    print(
        rows,
        "Streams on one node: idle, and at one commit per second",
        &[
            "opened/s",
            "KiB each",
            "after commits",
            "CPU idle",
            "CPU 1/s",
            "statements/s idle",
            "statements/s 1/s",
        ],
        |row| {
            vec![
                format!("{:.0}", row.opened),
                format!("{:.1}", row.each),
                format!("{:.1}", row.each_after),
                percent(row.idle.cpu),
                percent(row.busy.cpu),
                format!("{:.2}", row.idle.statements),
                format!("{:.2}", row.busy.statements),
            ]
        },
    );
    print(
        rows,
        "From a commit until a viewer has it, over all of them",
        &[
            "from sending p50 (ms)",
            "p99",
            "from the answer p50 (ms)",
            "p99",
            "commits",
            "seen",
        ],
        |row| {
            vec![
                ms(row.seen.sending(50)),
                ms(row.seen.sending(99)),
                ms(row.seen.answer(50)),
                ms(row.seen.answer(99)),
                row.seen.commits.to_string(),
                percent(row.seen.share(row.streams)),
            ]
        },
    );
    let first = &rows[0];
    print(
        rows,
        "Against the first row (goals: memory below 1.00 of 24 KiB, statements 1.00)",
        &[
            "memory of 24 KiB",
            "memory",
            "CPU idle",
            "CPU 1/s",
            "statements idle",
            "statements 1/s",
            "sending p50",
            "p99",
            "answer p50",
            "p99",
        ],
        |row| {
            vec![
                ratio(row.each, MEMORY_GOAL),
                ratio(row.each, first.each),
                ratio(row.idle.cpu, first.idle.cpu),
                ratio(row.busy.cpu, first.busy.cpu),
                ratio(row.idle.statements, first.idle.statements),
                ratio(row.busy.statements, first.busy.statements),
                ratio(row.seen.sending(50), first.seen.sending(50)),
                ratio(row.seen.sending(99), first.seen.sending(99)),
                ratio(row.seen.answer(50), first.seen.answer(50)),
                ratio(row.seen.answer(99), first.seen.answer(99)),
            ]
        },
    );
}

/// A page while streams are open, and once they are closed.
async fn page_beside_streams(world: &World, node: &Node, mut viewers: Viewers) {
    let page = get(&world.client(), node.url("/app/demo"));
    let mut rounds = Vec::new();
    for at_a_time in [1, 16, 64] {
        rounds.push((at_a_time, measure(at_a_time, page.clone()).await));
    }
    assert_eq!(viewers.held(), MANY, "all streams were open all the time");
    drop(viewers);
    node.emptied().await;
    let mut shown = Vec::new();
    for (at_a_time, beside) in rounds {
        let alone = measure(at_a_time, page.clone()).await;
        let (tail, tail_alone) = (beside.p99.as_secs_f64(), alone.p99.as_secs_f64());
        shown.push(vec![
            at_a_time.to_string(),
            format!("{:.0}", alone.rate),
            format!("{:.0}", beside.rate),
            ratio(beside.rate, alone.rate),
            ms(tail_alone),
            ms(tail),
            ratio(tail, tail_alone),
        ]);
    }
    let head = [
        "connections",
        "alone/s",
        "beside/s",
        "ratio",
        "alone p99 (ms)",
        "beside p99 (ms)",
        "ratio",
    ];
    let title = format!("GET /app/demo beside {MANY} streams (goal: rates at least 0.80)");
    table::print(&title, &head, &shown);
}

/// Ours against the design that is common.
async fn against_common(world: &World, ours: &[Row]) {
    let mut shown = Vec::new();
    for (streams, ours) in FEW.into_iter().zip(ours) {
        let theirs = held::common(world, streams).await;
        let mut line = |what: &str, ours: f64, theirs: f64, digits: usize| {
            shown.push(vec![
                streams.to_string(),
                what.to_owned(),
                format!("{ours:.digits$}"),
                format!("{theirs:.digits$}"),
                ratio(ours, theirs),
            ]);
        };
        line("KiB each", ours.each, theirs.each, 1);
        let share = theirs.idle.cpu * 100.0;
        line("CPU idle (%)", ours.idle.cpu * 100.0, share, 2);
        line("CPU, ours at 1/s (%)", ours.busy.cpu * 100.0, share, 2);
        let asked = theirs.idle.statements;
        line("statements/s idle", ours.idle.statements, asked, 2);
        line("statements/s, ours at 1/s", ours.busy.statements, asked, 2);
    }
    let head = ["streams", "what", "ours", "common", "ours / common"];
    table::print(
        "Against a loop of its own for each connection",
        &head,
        &shown,
    );
}

async fn all() {
    let world = World::make().await;
    let mut rows = Vec::new();
    for streams in FEW {
        let (row, _ended, _closed) = held::ours(&world, streams).await;
        rows.push(row);
    }
    let (row, node, viewers) = held::ours(&world, MANY).await;
    rows.push(row);
    print_rows(&rows);
    page_beside_streams(&world, &node, viewers).await;
    drop(node);
    against_common(&world, &rows).await;
}

/// Each stream is a file, here as on the node.
fn open_files() {
    let now = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: now.maximum,
        ..now
    };
    setrlimit(Resource::Nofile, most).unwrap();
    if let Some(most) = now.maximum {
        let needed = MANY as u64 + 500;
        assert!(most >= needed, "ulimit -Hn is {most}: {needed} are needed");
    }
}

async fn told_to_stop() {
    let mut terminated = signal(SignalKind::terminate()).unwrap();
    tokio::select! {
        _ = terminated.recv() => {}
        _ = ctrl_c() => {}
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    // The client wants one even where nothing is encrypted.
    let _first = rustls::crypto::ring::default_provider().install_default();
    open_files();
    let mut arguments = std::env::args().skip(1);
    let port = (arguments.next().as_deref() == Some(common::FLAG))
        .then(|| arguments.next().unwrap().parse().unwrap());
    let work = async {
        match port {
            Some(port) => common::serve(port).await,
            None => all().await,
        }
    };
    // Whatever ends it, the processes that it started end with it.
    tokio::select! {
        () = work => ExitCode::SUCCESS,
        () = sleep(LONGEST) => {
            eprintln!("given up after {LONGEST:?}");
            ExitCode::FAILURE
        }
        () = told_to_stop() => ExitCode::FAILURE,
    }
}
