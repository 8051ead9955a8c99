//! Waiting for Stripe to say that a payment was made.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    topic,
    ui::{
        browser,
        drawn::{Element, Part, el},
        json::Json,
        live::{self, Hears, Kind, Link, live_part},
    },
};

/// After how long it is said that this takes long, and looked without being
/// told.
const USUAL: Duration = Duration::from_secs(20);
/// Of the element that it is in.
const ID: &str = "await-plan";

pub const AWAIT_PLAN: Kind = Kind {
    name: ID,
    topic: topic::BILLING,
    wake,
};

/// Goes on by itself as soon as there is news.
#[component]
pub fn AwaitPlan(seen: String) -> impl IntoView {
    let drawn = waiting(false).into_view();
    let drawn = view! { <div id=ID>{drawn}</div> };
    live_part(&AWAIT_PLAN, &seen.into(), drawn.into_any())
}

fn wake(seen: &Json) -> Option<Hears> {
    let seen = seen.text()?;
    let look = || {
        let shown = waiting(false);
        Part::shown(ID.to_owned(), shown).show(waiting(true));
        // Whom nobody tells has to look.
        if live::link() != Link::Live {
            browser::go(&browser::here());
        }
    };
    set_timeout(look, USUAL);
    Some(Box::new(move |told| {
        if told.at("mark").text().is_some_and(|mark| mark != seen) {
            browser::go(&browser::here());
        }
    }))
}

fn waiting(is_slow: bool) -> Element {
    let words = if is_slow {
        "Stripe hasn't confirmed the payment yet. This page goes on by itself once it has; you can leave it, and nothing is lost."
    } else {
        "Confirming your payment with Stripe…"
    };
    el("div", "banner info")
        .attr("role", "status")
        .attr("aria-busy", "true")
        .child(el("span", "spinner").attr("aria-hidden", "true"))
        .child(el("p", "").text(words))
}
