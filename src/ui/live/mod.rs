//! The one connection of a browser to a stream of events, shared by all islands
//! of a page and by all tabs of the browser.
//!
//! One tab leads ([`peers`]): it holds a lock, reads the stream ([`stream`]), and
//! hands on what it hears to the others ([`talk`]). When it goes, whoever gets the
//! lock next goes on after the last event that it heard. A tab that nobody looks
//! at takes no part ([`presence`]).

mod dot;
mod part;
mod peers;
mod presence;
mod stream;
mod swap;
mod talk;
mod timer;

use std::{
    cell::{Cell, OnceCell, RefCell},
    sync::Arc,
};

use leptos::prelude::*;

use peers::Peers;
use stream::Connection;
use timer::Timer;

use crate::topic;

pub use dot::{DOT, LiveDot, LiveNews};
pub use part::{Hears, Kind, know, live_part};
pub use swap::swap;

/// Signals are kept in a browser only: a server has many pages at once.
const IS_BROWSER: bool = cfg!(target_arch = "wasm32");

/// What events without a name are called by browsers. It is told every ten
/// seconds at least, to whoever is told of it at all.
const DEFAULT: &str = "message";

/// What there is to be heard.
const TOPICS: [&str; 5] = [
    DEFAULT,
    topic::DEPLOYMENTS,
    topic::USAGE,
    topic::BILLING,
    LINK,
];
/// How the page is connected: told by nobody but the page itself.
pub const LINK: &str = "link";

/// For how long a page says that it is live while it is being connected anew, in
/// milliseconds: most often that is sooner than it can be read.
const GRACE: i32 = 1_000;

/// How a page is connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// It hasn't been yet: what it shows is as of its rendering.
    #[default]
    Waking,
    Live,
    Reconnecting,
    Offline,
    /// It won't be again; nothing is tried any more.
    Ended(End),
}

/// Why there is nothing more to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    SignedOut,
    /// It isn't there, or not for them.
    Gone,
    Suspended,
}

type Topic = ArcRwSignal<Option<Arc<str>>>;

/// Follows the stream at that path, for as long as somebody may be looking. A
/// page follows one stream: whatever is asked for later is ignored.
///
/// To be called in an effect.
pub fn follow(path: String) {
    if IS_BROWSER && tab().path.set(path).is_ok() {
        tab().watch();
    }
}

/// How the page is connected now. Whoever wants to know when it changes listens
/// to the topic [`LINK`].
#[must_use]
pub fn link() -> Link {
    if IS_BROWSER {
        tab().link.get()
    } else {
        Link::default()
    }
}

/// The newest data of the events of that name, as JSON; `""` is the default
/// event. It changes only when the data does.
#[must_use]
pub fn topic(name: &'static str) -> ArcRwSignal<Option<Arc<str>>> {
    let name = if name.is_empty() { DEFAULT } else { name };
    let kept = if IS_BROWSER { tab().topic(name) } else { None };
    kept.cloned().unwrap_or_default()
}

thread_local! {
    static TAB: &'static Tab = Box::leak(Box::new(Tab::new()));
}

/// This tab, as long as its page lives.
fn tab() -> &'static Tab {
    TAB.with(|tab| *tab)
}

struct Tab {
    path: OnceCell<String>,
    link: Cell<Link>,
    topics: [Topic; TOPICS.len()],
    /// The id of the last event that was heard, from the stream or another tab.
    last_id: RefCell<String>,
    /// Whether it takes part.
    is_in: Cell<bool>,
    /// Whether it is the one that reads the stream.
    leads: Cell<bool>,
    connection: Connection,
    peers: Peers,
    grace: Timer,
    /// How long it may be silent.
    silence: Timer,
    /// How long nobody may look.
    pause: Timer,
}

impl Tab {
    fn new() -> Self {
        Self {
            path: OnceCell::new(),
            link: Cell::default(),
            topics: TOPICS.map(|_| ArcRwSignal::default()),
            last_id: RefCell::default(),
            is_in: Cell::new(false),
            leads: Cell::new(false),
            connection: Connection::new(),
            peers: Peers::new(),
            grace: Timer::new(Self::admit),
            silence: Timer::new(Self::doubt),
            pause: Timer::new(Self::leave),
        }
    }

    fn path(&self) -> &str {
        self.path.get().map_or("", String::as_str)
    }

    fn topic(&self, name: &str) -> Option<&Topic> {
        let mut topics = TOPICS.iter().zip(&self.topics);
        topics.find_map(|(known, topic)| (*known == name).then_some(topic))
    }

    /// Takes in an event.
    fn hear(&self, name: &str, data: &str, id: String) {
        self.grace.clear();
        if !id.is_empty() {
            self.last_id.replace(id);
        }
        if let Some(topic) = self.topic(name)
            && topic.with_untracked(|known| known.as_deref() != Some(data))
        {
            topic.set(Some(data.into()));
        }
    }

    fn show(&self, link: Link) {
        self.grace.clear();
        if self.link.replace(link) != link
            && let Some(shown) = self.topic(LINK)
        {
            shown.set(Some(link.json().into()));
        }
    }

    /// Shows it, and has the other tabs show it if they are led by this one.
    fn tell(&self, link: Link) {
        self.show(link);
        if self.leads.get() {
            self.post_link();
        }
    }

    /// Says that it takes longer than it should.
    fn admit(&self) {
        if self.link.get() == Link::Live {
            self.tell(Link::Reconnecting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_nothing_from_one_page_to_the_next() {
        topic("").set(Some("{}".into()));
        assert_eq!(topic("").get_untracked(), None);
    }
}
