//! One who watches: a stream of bytes, which is behind by one state at most.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures_util::{Stream, stream};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    Hub,
    frame::{EventId, Frame},
    room::{Room, Seat},
};

/// How often something is sent at least, so that nobody on the way takes the
/// stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a browser waits before it comes back by itself, in milliseconds.
const PREFACE: &[u8] = b"retry: 1000\n\n";
const BEAT: &[u8] = b": still here\n\n";
/// The last that somebody is told who may watch no longer.
const REVOKED: &[u8] = b"event: revoked\ndata: {}\n\n";
/// The last that everyone is told by a node that is about to end.
const RECONNECT: &[u8] = b"retry: 250\nevent: reconnect\ndata: {}\n\n";

/// A place in a room. Whoever drops it leaves.
pub struct Viewer {
    hub: Hub,
    room: Arc<Room>,
    seat: Arc<Seat>,
    frames: watch::Receiver<Frame>,
    /// The number of the last frame that was sent.
    known: u64,
    has_begun: bool,
    is_over: bool,
    beat_at: Instant,
}

impl Viewer {
    pub(super) fn new(hub: Hub, room: Arc<Room>, seat: Arc<Seat>) -> Self {
        Self {
            frames: room.frames(),
            hub,
            room,
            seat,
            known: 0,
            has_begun: false,
            is_over: false,
            beat_at: Instant::now() + HEARTBEAT,
        }
    }

    /// Goes on after the event of that id, if it was one of this room's.
    #[must_use]
    pub fn after(mut self, last_event_id: Option<&str>) -> Self {
        let id = last_event_id.and_then(|id| id.parse::<EventId>().ok());
        let is_own =
            |id: &EventId| id.epoch == self.room.epoch() && id.audience == self.seat.audience;
        if let Some(id) = id.filter(is_own) {
            self.known = id.number.min(self.frames.borrow().number());
        }
        self
    }

    /// What is sent, until it is over.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
        stream::unfold(self, |mut viewer| async move {
            let bytes = viewer.next().await?;
            Some((Ok(bytes), viewer))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        if !self.has_begun {
            self.has_begun = true;
            return Some(Bytes::from_static(PREFACE));
        }
        while !self.is_over {
            // Whatever happens after this look wakes the one below.
            let news = self.news();
            if let Some(end) = self.end() {
                self.is_over = true;
                return Some(Bytes::from_static(end));
            }
            if !news.is_empty() {
                return Some(news);
            }
            tokio::select! {
                changed = self.frames.changed() => self.is_over = changed.is_err(),
                () = sleep_until(self.beat_at) => {
                    self.beat_at = Instant::now() + HEARTBEAT;
                    return Some(Bytes::from_static(BEAT));
                }
            }
        }
        None
    }

    fn end(&self) -> Option<&'static [u8]> {
        if self.seat.is_revoked() {
            return Some(REVOKED);
        }
        (self.hub.is_closing() || self.room.is_over()).then_some(RECONNECT)
    }

    fn news(&mut self) -> Bytes {
        let frame = self.frames.borrow_and_update();
        let known = std::mem::replace(&mut self.known, frame.number());
        frame.since(known, self.seat.audience)
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.hub.leave(&self.room, &self.seat);
    }
}
