//! The other tabs of the browser, and which of them leads.
//!
//! Where a browser has no locks or no channel, as on a page that wasn't loaded
//! safely, each tab leads itself.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

use super::{
    GRACE, Link, Tab, tab,
    talk::{HELLO, on_message},
};

/// For how long a tab that leads may leave another without an answer, in
/// milliseconds.
const UNANSWERED: i32 = 5_000;

pub(super) struct Peers {
    pub(super) channel: RefCell<Option<BroadcastChannel>>,
    /// Takes back the wish to lead.
    wish: RefCell<Option<AbortController>>,
    /// Gives the lead away.
    release: RefCell<Option<Function>>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_lock: Closure<dyn FnMut() -> JsValue>,
}

impl Peers {
    pub(super) fn new() -> Self {
        Self {
            channel: RefCell::default(),
            wish: RefCell::default(),
            release: RefCell::default(),
            on_message: Closure::new(on_message),
            on_lock: Closure::new(on_lock),
        }
    }
}

impl Tab {
    /// Takes part: leads, or hears of the stream from the tab that does.
    pub(super) fn join(&'static self) {
        let is_over = matches!(self.link.get(), Link::Ended(_));
        if is_over || self.is_in.replace(true) {
            return;
        }
        self.grace.set(GRACE);
        if self.meet().is_none() {
            self.lead();
        }
    }

    pub(super) fn leave(&'static self) {
        self.is_in.set(false);
        self.leads.set(false);
        self.hang_up();
        self.grace.clear();
        self.pause.clear();
        if let Some(channel) = self.peers.channel.take() {
            channel.close();
        }
        if let Some(wish) = self.peers.wish.take() {
            wish.abort();
        }
        if let Some(release) = self.peers.release.take() {
            let _never_throws = release.call0(&JsValue::UNDEFINED);
        }
    }

    /// Listens to the other tabs, and waits to lead.
    fn meet(&'static self) -> Option<()> {
        let channel = BroadcastChannel::new(&self.name()).ok()?;
        let wish = AbortController::new().ok()?;
        self.ask_to_lead("signal", &wish.signal())?;
        channel.set_onmessage(Some(self.peers.on_message.as_js_value().unchecked_ref()));
        self.peers.wish.replace(Some(wish));
        self.peers.channel.replace(Some(channel));
        self.post(&[HELLO]);
        self.silence.set(UNANSWERED);
        Some(())
    }

    /// Nothing was heard for too long: the stream is dead, or the tab that leads
    /// was frozen by the browser.
    pub(super) fn doubt(&'static self) {
        if self.leads.get() {
            self.lose();
        } else {
            self.ask_to_lead("steal", &JsValue::TRUE);
        }
    }

    /// Asks for the lock, of which web-sys has no stable binding.
    fn ask_to_lead(&'static self, option: &str, value: &JsValue) -> Option<()> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request = Reflect::get(&locks, &"request".into()).ok()?;
        let options = Object::new();
        Reflect::set(&options, &option.into(), value).ok()?;
        let on_lock = self.peers.on_lock.as_js_value();
        let arguments = Array::of3(&self.name().into(), &options, on_lock);
        let request: Function = request.dyn_into().ok()?;
        let held: Promise = request.apply(&locks, &arguments).ok()?.dyn_into().ok()?;
        spawn_local(async move {
            // It fails if the wish was taken back, or the lead taken away.
            if JsFuture::from(held).await.is_err() && self.leads.get() {
                self.leave();
                self.look();
            }
        });
        Some(())
    }

    fn lead(&'static self) {
        self.leads.set(true);
        self.grace.set(GRACE);
        self.connect();
    }

    /// What lock and channel are called.
    fn name(&self) -> String {
        "atrium:".to_owned() + self.path()
    }
}

/// The lock is this tab's, for as long as the promise that it returns is open.
fn on_lock() -> JsValue {
    let tab = tab();
    if !tab.is_in.get() {
        return JsValue::UNDEFINED;
    }
    let held = Promise::new(&mut |release, _| {
        tab.peers.release.replace(Some(release));
    });
    tab.lead();
    held.into()
}
