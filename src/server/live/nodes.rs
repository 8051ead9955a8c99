//! Several nodes on PostgreSQL: what is committed on one is told to the others
//! by NOTIFY, ids only.
//!
//! It isn't part of the transaction that it tells of: NOTIFY makes all commits
//! of a database wait for each other. If a node dies in between, those who watch
//! elsewhere see it with the next state, ten seconds later at most.

use std::{
    collections::HashSet,
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DbBackend, Statement,
    sqlx::{self, postgres::PgListener},
};
use tokio::{
    sync::Notify,
    time::{Instant, interval, sleep},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Hub;
use crate::{
    error::AppError,
    id::{OrgId, UserId},
    server::services::Services,
};

const CHANNEL: &str = "atrium_live";
/// What is committed within so long is told at once.
const TOGETHER: Duration = Duration::from_millis(50);
/// How long it is waited before something that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often a node tells itself that it is there while somebody watches, and
const BEAT: Duration = Duration::from_secs(5);
/// how long it hears nothing before it takes the connection for lost.
const SILENCE: Duration = Duration::from_secs(12);

/// What the other nodes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    Organization(OrgId),
    /// A session of theirs has ended.
    Person(UserId),
    /// Nothing has moved, but it can be heard.
    Beat,
}

impl Move {
    fn read(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let id = || Uuid::parse_str(id).ok();
        match kind {
            "organization" => Some(Self::Organization(OrgId(id()?))),
            "person" => Some(Self::Person(UserId(id()?))),
            "beat" => Some(Self::Beat),
            _ => None,
        }
    }
}

impl std::fmt::Display for Move {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Organization(id) => write!(f, "organization:{}", id.0),
            Self::Person(id) => write!(f, "person:{}", id.0),
            Self::Beat => f.write_str("beat:"),
        }
    }
}

/// What is still to be told.
#[derive(Debug, Default)]
pub struct Nodes {
    untold: Mutex<HashSet<Move>>,
    filled: Notify,
    /// Whether somebody tells them; else nothing is kept.
    is_told: AtomicBool,
}

impl Nodes {
    pub fn note(&self, what: Move) {
        if self.is_told.load(Ordering::Relaxed) {
            self.untold().insert(what);
            self.filled.notify_one();
        }
    }

    fn untold(&self) -> MutexGuard<'_, HashSet<Move>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the other nodes what is committed here, and hears what they tell. On
/// SQLite there are none.
pub async fn work(services: Services, stop: CancellationToken) {
    if !services.db.is_postgres() {
        return;
    }
    let hub = services.live.clone();
    hub.0.nodes.is_told.store(true, Ordering::Relaxed);
    let node = Uuid::now_v7();
    tokio::join!(
        tell(&services, &hub, node, &stop),
        hear(&services, &hub, node, &stop)
    );
}

async fn tell(services: &Services, hub: &Hub, node: Uuid, stop: &CancellationToken) {
    let nodes = &hub.0.nodes;
    loop {
        let is_over = tokio::select! {
            () = nodes.filled.notified() => false,
            () = stop.cancelled() => true,
        };
        let untold = mem::take(&mut *nodes.untold());
        if !untold.is_empty() && notify(services, node, &untold).await.is_err() {
            nodes.untold().extend(untold);
            nodes.filled.notify_one();
            sleep(PAUSE).await;
        }
        if is_over {
            return;
        }
        sleep(TOGETHER).await;
    }
}

async fn notify(services: &Services, node: Uuid, moves: &HashSet<Move>) -> Result<(), AppError> {
    let payloads: Vec<String> = moves.iter().map(|what| format!("{node} {what}")).collect();
    let told = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT count(pg_notify($1, payload)) FROM jsonb_array_elements_text($2) AS payload",
        [CHANNEL.into(), serde_json::Value::from(payloads).into()],
    );
    let db = services
        .db
        .unscoped("which organization moved, and no more");
    db.query_one_raw(told).await?;
    Ok(())
}

async fn hear(services: &Services, hub: &Hub, node: Uuid, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let heard = async {
            let mut listener = PgListener::connect(services.config.database_url.expose()).await?;
            listener.listen(CHANNEL).await?;
            // Or it might come back without anybody knowing that it was away.
            listener.eager_reconnect(false);
            // Whatever was told in between is caught up with.
            hub.wake_all();
            listen(&mut listener, hub, node).await
        };
        tokio::select! {
            () = stop.cancelled() => return,
            lost = heard => {
                let why = lost.err().map(|error| error.to_string());
                tracing::warn!(why, "the other nodes can't be heard; it is tried again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(PAUSE) => {}
        }
    }
}

/// Hears the others until the connection is lost.
async fn listen(listener: &mut PgListener, hub: &Hub, node: Uuid) -> Result<(), sqlx::Error> {
    let mut beat = interval(BEAT);
    let mut heard_at = Instant::now();
    loop {
        tokio::select! {
            heard = listener.try_recv() => {
                let Some(heard) = heard? else { return Ok(()) };
                heard_at = Instant::now();
                follow(heard.payload(), hub, node);
            }
            _ = beat.tick() => {
                if hub.watched() == 0 {
                    heard_at = Instant::now();
                } else if heard_at.elapsed() > SILENCE {
                    return Ok(());
                } else {
                    hub.0.nodes.note(Move::Beat);
                }
            }
        }
    }
}

/// Does what a node was told, unless it told it itself: then those who watch
/// here knew it when it happened.
fn follow(payload: &str, hub: &Hub, node: Uuid) {
    let told = payload.split_once(' ');
    let Some((_, what)) = told.filter(|(from, _)| Uuid::parse_str(from) != Ok(node)) else {
        return;
    };
    match Move::read(what) {
        Some(Move::Organization(id)) => hub.moved_here(id),
        Some(Move::Person(id)) => hub.signed_out_here(id),
        Some(Move::Beat) | None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_reads_back_as_it_was_told() {
        for told in [
            Move::Organization(OrgId::generate()),
            Move::Person(UserId::generate()),
            Move::Beat,
        ] {
            assert_eq!(Move::read(&told.to_string()), Some(told));
        }
        for text in ["", "organization", "organization:x", "else:1"] {
            assert_eq!(Move::read(text), None, "{text}");
        }
    }
}
