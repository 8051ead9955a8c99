//! What tabs of a browser say to each other.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

use super::{DEFAULT, End, LINK, Link, TOPICS, Tab, tab, timer::between};

/// For how long the tab that leads may be silent, in milliseconds: longer than
/// the stream, which it minds itself.
const SILENCE: i32 = 30_000;

/// Somebody has come. The tab that leads answers with its link and with events.
pub(super) const HELLO: &str = "hello";
/// An event's name, data and id.
const EVENT: &str = "event";

/// How each link is told, as JSON.
const LINKS: [(Link, &str); 7] = [
    (Link::Waking, "\"waking\""),
    (Link::Live, "\"live\""),
    (Link::Reconnecting, "\"reconnecting\""),
    (Link::Offline, "\"offline\""),
    (Link::Ended(End::SignedOut), "\"signed-out\""),
    (Link::Ended(End::Gone), "\"gone\""),
    (Link::Ended(End::Suspended), "\"suspended\""),
];

impl Link {
    pub(super) fn json(self) -> &'static str {
        let mut links = LINKS.iter();
        let found = links.find(|(link, _)| *link == self);
        found.map_or("", |(_, json)| json)
    }
}

impl Tab {
    pub(super) fn post_event(&self, name: &str, data: &str) {
        self.post(&[EVENT, name, data, &self.last_id.borrow()]);
    }

    pub(super) fn post_link(&self) {
        self.post(&[LINK, self.link.get().json()]);
    }

    pub(super) fn post(&self, words: &[&str]) {
        if let Some(channel) = &*self.peers.channel.borrow() {
            let message = Array::new();
            for word in words {
                message.push(&JsValue::from_str(word));
            }
            let _never_throws = channel.post_message(&message);
        }
    }

    /// Tells one who has come how things are.
    fn answer(&self) {
        self.post_link();
        let told = TOPICS.iter().zip(&self.topics);
        for (name, topic) in told.filter(|(name, _)| **name != LINK) {
            if let Some(data) = topic.get_untracked() {
                self.post_event(name, &data);
            }
        }
    }

    /// Takes in how the tab that leads is connected.
    fn take_in_link(&'static self, word: &str) {
        let Some((link, _)) = LINKS.iter().find(|(_, known)| *known == word) else {
            return;
        };
        if matches!(link, Link::Ended(_)) {
            self.show(*link);
            self.leave();
        } else if !self.leads.get() {
            self.silence.clear();
            if *link != Link::Waking {
                self.show(*link);
            }
        }
    }
}

pub(super) fn on_message(event: MessageEvent) {
    let tab = tab();
    let Ok(message) = event.data().dyn_into::<Array>() else {
        return;
    };
    let word = |place| message.get(place).as_string().unwrap_or_default();
    match word(0).as_str() {
        HELLO if tab.leads.get() => tab.answer(),
        LINK => tab.take_in_link(&word(1)),
        EVENT if !tab.leads.get() => {
            let name = word(1);
            if name == DEFAULT {
                tab.silence.set(between(SILENCE, SILENCE + 10_000));
            }
            tab.hear(&name, &word(2), word(3));
        }
        _ => {}
    }
}
