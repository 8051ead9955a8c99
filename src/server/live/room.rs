//! One organization that is watched, and all who watch it.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    Source, Ticket,
    frame::{Audience, Frame},
};
use crate::id::{OrgId, SessionId, UserId};

/// How far apart two states are at least: at most four a second.
const APART: Duration = Duration::from_millis(250);
/// How long it is waited for what is committed right after: a call of the API
/// is counted before it does what it was made for.
const TOGETHER: Duration = Duration::from_millis(20);
/// How far apart they are at most.
const ANYWAY: Duration = Duration::from_secs(10);
/// How soon it is tried again after the database failed.
const AGAIN: Duration = Duration::from_secs(1);
/// How often it is looked for who may still watch at most, and
const CHECKED_APART: Duration = Duration::from_millis(500);
/// at least: a session may end without anybody telling.
const CHECKED_ANYWAY: Duration = Duration::from_secs(4);
/// How often those who watch are noted as present.
const NOTED: Duration = Duration::from_secs(60);

pub struct Room {
    epoch: u32,
    frames: watch::Sender<Frame>,
    seats: Mutex<HashMap<u64, Arc<Seat>>>,
    last_seat: AtomicU64,
    /// Something was committed.
    moved: Notify,
    /// Somebody may watch no longer.
    ended: Notify,
    closed: CancellationToken,
    /// Nobody reads for it any more.
    is_over: AtomicBool,
}

/// Who sits where.
pub struct Seat {
    number: u64,
    pub organization: OrgId,
    pub user: UserId,
    pub audience: Audience,
    session: SessionId,
    is_revoked: AtomicBool,
}

impl Seat {
    pub fn is_revoked(&self) -> bool {
        self.is_revoked.load(Ordering::Acquire)
    }
}

impl Room {
    pub fn open(source: Arc<dyn Source>) -> Arc<Self> {
        let room = Arc::new(Self {
            epoch: rand::random(),
            frames: watch::Sender::default(),
            seats: Mutex::default(),
            last_seat: AtomicU64::new(0),
            moved: Notify::new(),
            ended: Notify::new(),
            closed: CancellationToken::new(),
            is_over: AtomicBool::new(false),
        });
        let sampler = Sampler::new(Arc::clone(&room), source);
        tokio::spawn(sampler.work());
        room
    }

    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    pub fn frames(&self) -> watch::Receiver<Frame> {
        self.frames.subscribe()
    }

    pub fn seat(&self, ticket: &Ticket) -> Arc<Seat> {
        let mut seats = self.seats();
        let seat = Arc::new(Seat {
            number: self.last_seat.fetch_add(1, Ordering::Relaxed),
            organization: ticket.organization,
            user: ticket.user,
            audience: ticket.audience,
            session: ticket.session,
            is_revoked: AtomicBool::new(false),
        });
        seats.insert(seat.number, Arc::clone(&seat));
        seat
    }

    /// Leaves the room, and tells how many stay.
    pub fn leave(&self, seat: &Seat) -> usize {
        let mut seats = self.seats();
        seats.remove(&seat.number);
        seats.len()
    }

    pub fn len(&self) -> usize {
        self.seats().len()
    }

    pub fn has(&self, user: UserId) -> bool {
        self.seats().values().any(|seat| seat.user == user)
    }

    /// Whether nobody reads for it any more, and there is nothing to wait for.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Has it look at what there is to be seen.
    pub fn wake(&self) {
        self.moved.notify_one();
    }

    /// Has it look at who may see it.
    pub fn check(&self) {
        self.ended.notify_one();
    }

    /// Has all who watch look at where they stand.
    pub fn nudge(&self) {
        self.frames.send_modify(|_| {});
    }

    pub fn close(&self) {
        self.closed.cancel();
    }

    fn people(&self) -> HashSet<UserId> {
        let seats = self.seats();
        let there = seats.values().filter(|seat| !seat.is_revoked());
        there.map(|seat| seat.user).collect()
    }

    /// Ends the streams of those who aren't admitted, or no longer to as much,
    /// of all who were there when that was asked.
    fn revoke_others(&self, admitted: &HashMap<SessionId, Audience>, asked_at: u64) {
        let mut is_any = false;
        let seats = self.seats();
        for seat in seats.values().filter(|seat| seat.number < asked_at) {
            if admitted.get(&seat.session) != Some(&seat.audience) {
                seat.is_revoked.store(true, Ordering::Release);
                is_any = true;
            }
        }
        drop(seats);
        if is_any {
            self.nudge();
        }
    }

    /// The sessions of those who are there, and the number of the next to come.
    fn sessions(&self) -> (Vec<SessionId>, u64) {
        let seats = self.seats();
        let sessions: HashSet<SessionId> = seats.values().map(|seat| seat.session).collect();
        let next = self.last_seat.load(Ordering::Relaxed);
        (sessions.into_iter().collect(), next)
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<u64, Arc<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// However reading ends, be it by a fault: those who watch are told, and come
/// back to somebody who reads.
struct End(Arc<Room>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Release);
        self.0.nudge();
    }
}

/// The one who reads for a room, until it is closed.
struct Sampler {
    room: Arc<Room>,
    source: Arc<dyn Source>,
    sample_at: Instant,
    check_at: Instant,
    checked_at: Option<Instant>,
    noted_at: Instant,
    has_failed: bool,
}

impl Sampler {
    fn new(room: Arc<Room>, source: Arc<dyn Source>) -> Self {
        let now = Instant::now();
        Self {
            room,
            source,
            sample_at: now,
            check_at: now,
            checked_at: None,
            // Whoever comes in was noted at the door.
            noted_at: now,
            has_failed: false,
        }
    }

    async fn work(mut self) {
        let _end = End(Arc::clone(&self.room));
        while !self.room.closed.is_cancelled() {
            let began_at = Instant::now();
            self.check_soon(began_at);
            // Who may see it comes before what there is to be seen.
            let is_known = began_at < self.check_at || self.check().await;
            // What has moved until now is seen by what is read now.
            let _seen = self.room.moved.notified().now_or_never();
            let is_done = is_known && self.sample().await;
            self.sample_at = began_at + if is_done { ANYWAY } else { AGAIN };
            self.note_presence().await;
            self.wait(began_at).await;
        }
    }

    /// Waits for the next time to look, and checks meanwhile.
    async fn wait(&mut self, began_at: Instant) {
        let room = Arc::clone(&self.room);
        loop {
            tokio::select! {
                () = room.closed.cancelled() => return,
                () = room.moved.notified() => {
                    // What else is committed until then is seen as well.
                    let soonest = (began_at + APART).max(Instant::now() + TOGETHER);
                    tokio::select! {
                        () = room.closed.cancelled() => {}
                        () = sleep_until(soonest) => {}
                    }
                    return;
                }
                () = room.ended.notified() => self.check_soon(Instant::now()),
                () = sleep_until(self.sample_at) => return,
                () = sleep_until(self.check_at) => { self.check().await; }
            }
        }
    }

    /// Has it looked at who may watch as soon as that wasn't just done.
    fn check_soon(&mut self, now: Instant) {
        let soonest = self.checked_at.map_or(now, |at| at + CHECKED_APART);
        self.check_at = self.check_at.min(soonest.max(now));
    }

    /// Ends the streams of those who may watch no longer. False if it can't be
    /// known.
    async fn check(&mut self) -> bool {
        let now = Instant::now();
        let (sessions, asked_at) = self.room.sessions();
        let admitted = self.source.admitted(sessions).await;
        self.checked_at = Some(now);
        match admitted {
            Ok(admitted) => {
                self.check_at = now + CHECKED_ANYWAY;
                self.room.revoke_others(&admitted, asked_at);
                true
            }
            Err(_) => {
                self.check_at = now + AGAIN;
                self.fail();
                false
            }
        }
    }

    async fn sample(&mut self) -> bool {
        let Ok(topics) = self.source.topics(self.room.people().len()).await else {
            self.fail();
            return false;
        };
        self.has_failed = false;
        let epoch = self.room.epoch;
        let frames = &self.room.frames;
        frames.send_modify(|frame| *frame = frame.next(topics, epoch));
        true
    }

    /// Says so once: it is tried again all the time.
    fn fail(&mut self) {
        if !self.has_failed {
            tracing::warn!("what goes on can't be read; whoever watches sees it later");
        }
        self.has_failed = true;
    }

    async fn note_presence(&mut self) {
        if self.noted_at.elapsed() >= NOTED {
            self.noted_at = Instant::now();
            self.source.note_presence(self.room.people()).await;
        }
    }
}
