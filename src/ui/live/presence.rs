//! Whether somebody may be looking, and whether there is a network.

use leptos::prelude::*;

use super::{Link, Tab};
use crate::ui::browser;

/// For how long a tab may be hidden before it leaves, in milliseconds.
const PAUSE: i32 = 10_000;
/// How soon it is tried again although the browser says that it is offline.
const ANYWAY: i32 = 30_000;

/// What tells of it.
const SIGNS: [&str; 5] = [
    "visibilitychange",
    "pageshow",
    "pagehide",
    "online",
    "offline",
];

impl Tab {
    pub(super) fn watch(&'static self) {
        browser::listen(&window(), &SIGNS, |event| match event.type_().as_str() {
            "pagehide" => self.leave(),
            "online" => self.return_online(),
            "offline" => self.go_offline(),
            _ => self.look(),
        });
        self.look();
    }

    /// Takes part if somebody may be looking, and leaves if nobody does for long.
    pub(super) fn look(&'static self) {
        if !document().hidden() {
            self.pause.clear();
            self.join();
        } else if self.is_in.get() {
            self.pause.set(PAUSE);
        }
    }

    fn return_online(&'static self) {
        if self.leads.get() {
            self.connection.forgive();
            self.connect();
        }
    }

    fn go_offline(&'static self) {
        if self.leads.get() {
            self.hang_up();
            self.tell(Link::Offline);
            self.connection.retry.set(ANYWAY);
        }
    }
}
