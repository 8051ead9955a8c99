//! The stream, as the tab that leads reads it.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream as _;
use gloo_net::eventsource::futures::{EventSource, EventSourceSubscription};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, MessageEvent, RequestInit, Response};

use crate::{
    topic::{RECONNECT, REVOKED},
    ui::browser,
};

use super::{
    DEFAULT, End, GRACE, LINK, Link, TOPICS, Tab,
    timer::{Timer, between, longest_pause},
};

/// What the browser says of it.
const OPEN: &str = "open";
const ERROR: &str = "error";
/// All of them are heard as events. That matters for errors: gloo says nothing
/// of one after which the browser would come back by itself.
const SIGNS: [&str; 4] = [REVOKED, RECONNECT, OPEN, ERROR];

/// For how long a stream may be silent, in milliseconds.
const SILENCE: i32 = 25_000;
/// How long it may take to say why there is none, in milliseconds.
const ANSWER: u32 = 10_000;
/// How often it may fail in a row before it is called offline.
const PATIENCE: u32 = 3;

pub(super) struct Connection {
    source: RefCell<Option<EventSource>>,
    /// Counts the connections: what comes of an earlier one is of no interest.
    turn: Cell<u32>,
    /// In a row.
    failures: Cell<u32>,
    pub(super) retry: Timer,
    ask: Timer,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            source: RefCell::default(),
            turn: Cell::new(0),
            failures: Cell::new(0),
            retry: Timer::new(Tab::connect),
            ask: Timer::new(Tab::lose),
        }
    }

    /// Forgets how often it failed.
    pub(super) fn forgive(&self) {
        self.failures.set(0);
    }
}

impl Tab {
    /// Opens the stream, after the last event that was heard.
    pub(super) fn connect(&'static self) {
        let turn = self.hang_up();
        match self.open() {
            Some(events) => {
                self.silence.set(SILENCE);
                spawn_local(self.read(events, turn));
            }
            None => self.lose(),
        }
    }

    /// Lets go of the stream, and of what was about to be done about it. Returns
    /// the turn that begins.
    pub(super) fn hang_up(&self) -> u32 {
        self.silence.clear();
        self.connection.retry.clear();
        self.connection.ask.clear();
        let turn = self.connection.turn.get().wrapping_add(1);
        self.connection.turn.set(turn);
        drop(self.connection.source.take());
        turn
    }

    fn open(&self) -> Option<Vec<EventSourceSubscription>> {
        let mut url = self.path().to_owned();
        let id = self.last_id.borrow();
        if !id.is_empty() {
            url += "?lastEventId=";
            url += &String::from(js_sys::encode_uri_component(&id));
        }
        let mut source = EventSource::new(&url).ok()?;
        let names = TOPICS.iter().filter(|name| **name != LINK).chain(&SIGNS);
        let events = names.map(|name| source.subscribe(*name).ok()).collect();
        self.connection.source.replace(Some(source));
        events
    }

    async fn read(&'static self, mut events: Vec<EventSourceSubscription>, turn: u32) {
        loop {
            let event = poll_fn(|context| next(&mut events, context)).await;
            if self.connection.turn.get() != turn {
                return;
            }
            let Some((name, event)) = event else {
                return self.lose();
            };
            match name.as_str() {
                OPEN => self.tell(Link::Live),
                RECONNECT => return self.come_back(),
                REVOKED => return self.ask_soon(),
                ERROR => return self.lose(),
                _ => self.take_in(&name, &event),
            }
        }
    }

    fn take_in(&self, name: &str, event: &MessageEvent) {
        self.connection.forgive();
        let hears_all = self
            .topic(DEFAULT)
            .is_some_and(|told| told.with_untracked(Option::is_some));
        if name == DEFAULT {
            self.silence.set(SILENCE);
        } else if !hears_all {
            // Those who aren't told of the default event may hear nothing for long.
            self.silence.clear();
        }
        let data = event.data().as_string().unwrap_or_default();
        self.hear(name, &data, event.last_event_id());
        self.post_event(name, &data);
    }

    /// Comes back elsewhere: the server is about to end.
    fn come_back(&self) {
        self.hang_up();
        self.grace.set(GRACE);
        self.connection.retry.set(between(250, 1_250));
    }

    /// Asks why there is nothing more to be heard: not at the same moment as all
    /// others, and not on a page that is being left by signing out.
    fn ask_soon(&self) {
        self.hang_up();
        self.grace.set(GRACE);
        self.connection.ask.set(between(500, 1_500));
    }

    /// The stream is gone. Asks why, and tries again unless that is the end.
    pub(super) fn lose(&'static self) {
        let turn = self.hang_up();
        let failures = self.connection.failures.get() + 1;
        self.connection.failures.set(failures);
        self.grace.set(GRACE);
        spawn_local(async move {
            let end = why(self.path()).await;
            if self.connection.turn.get() != turn {
                return;
            }
            if let Some(end) = end {
                self.tell(Link::Ended(end));
                return self.leave();
            }
            let is_cut_off = failures > PATIENCE || !window().navigator().on_line();
            self.tell(if is_cut_off {
                Link::Offline
            } else {
                Link::Reconnecting
            });
            let longest = longest_pause(failures);
            self.connection.retry.set(between(longest / 2, longest));
        });
    }
}

/// The next event, whichever of them it is; none once they are over.
fn next(
    events: &mut [EventSourceSubscription],
    context: &mut Context<'_>,
) -> Poll<Option<(String, MessageEvent)>> {
    for event in events {
        match Pin::new(event).poll_next(context) {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(event))) => return Poll::Ready(Some(event)),
            Poll::Ready(_) => return Poll::Ready(None),
        }
    }
    Poll::Pending
}

/// Why the stream can't be had, if that won't change: a browser doesn't tell.
async fn why(path: &str) -> Option<End> {
    match head(path).await?.status() {
        401 => Some(End::SignedOut),
        402 => Some(End::Suspended),
        403 | 404 => {
            // The organization may have moved to another address.
            let page = head(&browser::here()).await?;
            if page.ok() && page.redirected() {
                browser::reload();
                return None;
            }
            Some(End::Gone)
        }
        _ => None,
    }
}

async fn head(path: &str) -> Option<Response> {
    let init = RequestInit::new();
    init.set_method("HEAD");
    init.set_signal(Some(&AbortSignal::timeout_with_u32(ANSWER)));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await;
    answer.ok()?.dyn_into().ok()
}
