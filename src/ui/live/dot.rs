use leptos::prelude::*;
use serde_json::json;

use super::{End, Hears, Kind, LINK, Link, follow, link, live_part};
use crate::ui::{
    browser,
    drawn::{Element, Part, el},
    json::Json,
};

/// Of the element that it is in.
const ID: &str = "live";

pub const DOT: Kind = Kind {
    name: "dot",
    topic: LINK,
    wake,
};

/// Follows the stream at `path`, and shows how that goes: a dot and a word.
/// Until it is known, and without a script, it says `as_of` when the page was
/// made, as "As of 14:02 UTC".
#[component]
pub fn LiveDot(path: String, as_of: String) -> impl IntoView {
    let drawn = dot(Link::Waking, &as_of).into_view();
    let drawn = view! { <div id=ID role="status" aria-live="polite">{drawn}</div> };
    live_part(
        &DOT,
        &json!({ "path": path, "asOf": as_of }),
        drawn.into_any(),
    )
}

fn wake(data: &Json) -> Option<Hears> {
    let as_of = data.at("asOf").text()?;
    let mut part = Part::shown(ID.to_owned(), dot(Link::Waking, &as_of));
    let mut was_live = false;
    follow(data.at("path").text()?);
    Some(Box::new(move |_| {
        let link = link();
        part.show(dot(link, &as_of));
        // A page that was made while it was suspended leads nowhere else.
        if was_live && link == Link::Ended(End::Suspended) {
            browser::reload();
        }
        was_live |= link == Link::Live;
    }))
}

fn dot(link: Link, as_of: &str) -> Element {
    let words = words(link).unwrap_or(as_of);
    let shown = el("span", "live")
        .attr("data-state", state(link))
        .attr("title", words)
        .child(el("span", "").text(words));
    match way_on(link) {
        Some((words, path)) => shown.child(el("a", "").attr("href", &path).text(words)),
        None => shown,
    }
}

/// What it is for the stylesheet.
const fn state(link: Link) -> &'static str {
    match link {
        Link::Waking => "still",
        Link::Live => "live",
        Link::Reconnecting => "reconnecting",
        Link::Offline => "offline",
        Link::Ended(_) => "ended",
    }
}

/// What it is for people, once there is something to say.
const fn words(link: Link) -> Option<&'static str> {
    match link {
        Link::Waking => None,
        Link::Live => Some("Live"),
        Link::Reconnecting => Some("Reconnecting"),
        Link::Offline => Some("Offline"),
        Link::Ended(End::SignedOut) => Some("Signed out"),
        Link::Ended(End::Gone) => Some("No access"),
        Link::Ended(End::Suspended) => Some("Suspended"),
    }
}

/// Where to go from an end.
fn way_on(link: Link) -> Option<(&'static str, String)> {
    match link {
        Link::Ended(End::SignedOut) => {
            let here = js_sys::encode_uri_component(&browser::here());
            Some(("Sign in", format!("/auth/signin?callbackUrl={here}")))
        }
        Link::Ended(End::Gone) => Some(("Your organizations", "/app".to_owned())),
        _ => None,
    }
}
