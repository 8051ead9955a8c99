//! Waiting for Stripe to say that a payment was made.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::ui::browser;

/// How often it is asked before it is said that this takes long; each time
/// takes as long as the server waits.
const USUAL: u32 = 3;
const PAUSE: Duration = Duration::from_secs(2);

/// Goes on by itself as soon as there is news.
#[island]
pub fn AwaitPlan(org: String, seen: String) -> impl IntoView {
    let is_slow = RwSignal::new(false);
    Effect::new(move || {
        let waiting = Waiting {
            org: org.clone(),
            seen: seen.clone(),
            asked: 0,
            is_slow,
        };
        spawn_local(waiting.go_on());
    });
    let words = move || {
        if is_slow.get() {
            "Stripe hasn't confirmed the payment yet. This page goes on by itself once it has; you can leave it, and nothing is lost."
        } else {
            "Confirming your payment with Stripe…"
        }
    };
    view! {
        <div class="banner info" role="status" aria-busy="true"><span class="spinner" aria-hidden="true"></span><p>{words}</p></div>
    }
}

struct Waiting {
    org: String,
    seen: String,
    asked: u32,
    is_slow: RwSignal<bool>,
}

impl Waiting {
    async fn go_on(self) {
        let arguments = [("org", self.org.as_str()), ("seen", self.seen.as_str())];
        let mark: Option<String> = browser::call("/_fn/await_billing", &arguments).await;
        if mark.as_ref().is_some_and(|mark| *mark != self.seen) {
            return browser::go(&browser::here());
        }
        let asked = self.asked + 1;
        self.is_slow.set(asked >= USUAL);
        // The server has waited already, unless it couldn't be asked.
        let pause = if mark.is_some() {
            Duration::ZERO
        } else {
            PAUSE
        };
        let next = Self { asked, ..self };
        set_timeout(move || spawn_local(next.go_on()), pause);
    }
}
