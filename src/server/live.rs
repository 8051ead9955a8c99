//! What goes on in an organization, told to whoever watches it.
//!
//! Each organization that is watched has one [`Room`], however many watch. A
//! commit wakes it; it reads what is to be shown once, writes it as bytes once,
//! and hands the same bytes to all. The room is closed when the last one leaves.
//! On PostgreSQL the other nodes are told of a commit, too ([`nodes`]).

mod frame;
pub mod nodes;
mod room;
mod viewer;

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use crate::{
    error::AppError,
    id::{OrgId, SessionId, UserId},
};

pub use frame::{Audience, Topic};
use nodes::{Move, Nodes};
use room::Room;
pub use viewer::Viewer;

/// What a room shows, and to whom.
#[async_trait::async_trait]
pub trait Source: Send + Sync + 'static {
    /// What there is to be seen now, one after the other, and always in the
    /// same order; by so many people here.
    async fn topics(&self, people: usize) -> Result<Vec<Topic>, AppError>;

    /// Those of the sessions that may see it now, with as much of it as they may
    /// see. In one query: it mustn't depend on how many watch.
    async fn admitted(
        &self,
        sessions: Vec<SessionId>,
    ) -> Result<HashMap<SessionId, Audience>, AppError>;

    /// That those are still there.
    async fn note_presence(&self, people: HashSet<UserId>);
}

/// Whoever wants to watch.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    pub organization: OrgId,
    pub user: UserId,
    pub session: SessionId,
    pub audience: Audience,
}

/// How many may watch at once on a node.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    pub per_user: usize,
    pub per_organization: usize,
}

/// Why somebody can't watch now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// They have as many streams open as one may have.
    User,
    /// The organization has.
    Organization,
    /// The program is about to end.
    Closing,
}

#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    house: Mutex<House>,
    is_closing: AtomicBool,
    /// All who watch, in whichever room.
    viewers: AtomicUsize,
    nodes: Nodes,
}

#[derive(Default)]
struct House {
    rooms: HashMap<OrgId, Arc<Room>>,
    streams: HashMap<UserId, usize>,
}

impl Hub {
    /// Tells whoever watches that organization, here and elsewhere, that
    /// something was committed.
    pub fn moved(&self, organization: OrgId) {
        self.0.nodes.note(Move::Organization(organization));
        self.moved_here(organization);
    }

    /// Tells the rooms in which that person is, here and elsewhere, that one of
    /// their sessions has ended.
    pub fn signed_out(&self, user: UserId) {
        self.0.nodes.note(Move::Person(user));
        self.signed_out_here(user);
    }

    fn moved_here(&self, organization: OrgId) {
        if let Some(room) = self.house().rooms.get(&organization) {
            room.wake();
        }
    }

    fn signed_out_here(&self, user: UserId) {
        for room in self.rooms() {
            if room.has(user) {
                room.check();
            }
        }
    }

    /// Has every room look again: what was told meanwhile wasn't heard.
    fn wake_all(&self) {
        for room in self.rooms() {
            room.wake();
        }
    }

    /// Takes a place in the organization's room, which is opened for the first.
    ///
    /// # Errors
    /// If there is no room for one more.
    pub fn join(
        &self,
        ticket: Ticket,
        caps: Caps,
        source: impl FnOnce() -> Arc<dyn Source>,
    ) -> Result<Viewer, Full> {
        let mut house = self.house();
        if self.is_closing() {
            return Err(Full::Closing);
        }
        let streams = house.streams.get(&ticket.user).copied().unwrap_or_default();
        if streams >= caps.per_user {
            return Err(Full::User);
        }
        let room = match house.rooms.entry(ticket.organization) {
            Entry::Occupied(room) if room.get().len() >= caps.per_organization => {
                return Err(Full::Organization);
            }
            // Whoever is still in it goes, and comes back to the new one.
            Entry::Occupied(mut room) if room.get().is_over() => {
                room.insert(Room::open(source()));
                Arc::clone(room.get())
            }
            Entry::Occupied(room) => Arc::clone(room.get()),
            Entry::Vacant(place) => Arc::clone(place.insert(Room::open(source()))),
        };
        house.streams.insert(ticket.user, streams + 1);
        let seat = room.seat(&ticket);
        drop(house);
        self.0.viewers.fetch_add(1, Ordering::Relaxed);
        self.measure();
        Ok(Viewer::new(self.clone(), room, seat))
    }

    fn leave(&self, room: &Arc<Room>, seat: &room::Seat) {
        let mut house = self.house();
        if let Entry::Occupied(mut streams) = house.streams.entry(seat.user) {
            *streams.get_mut() -= 1;
            if *streams.get() == 0 {
                streams.remove();
            }
        }
        if room.leave(seat) == 0 {
            if let Entry::Occupied(open) = house.rooms.entry(seat.organization)
                && Arc::ptr_eq(open.get(), room)
            {
                open.remove();
            }
            room.close();
        }
        drop(house);
        self.0.viewers.fetch_sub(1, Ordering::Relaxed);
        self.measure();
    }

    /// Sends everyone away, to come back elsewhere.
    pub fn close(&self) {
        let rooms = {
            let house = self.house();
            self.0.is_closing.store(true, Ordering::Release);
            house.rooms.values().cloned().collect::<Vec<_>>()
        };
        for room in rooms {
            room.nudge();
        }
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing.load(Ordering::Acquire)
    }

    /// How many watch on this node.
    #[must_use]
    pub fn viewers(&self) -> usize {
        self.0.viewers.load(Ordering::Relaxed)
    }

    /// How many organizations are watched on this node.
    #[must_use]
    pub fn watched(&self) -> usize {
        self.house().rooms.len()
    }

    #[allow(clippy::cast_precision_loss)] // No node has that many.
    fn measure(&self) {
        metrics::gauge!("atrium_streams").set(self.viewers() as f64);
    }

    fn rooms(&self) -> Vec<Arc<Room>> {
        self.house().rooms.values().cloned().collect()
    }

    fn house(&self) -> MutexGuard<'_, House> {
        self.0.house.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}
