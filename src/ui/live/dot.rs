use leptos::prelude::*;
use serde_json::json;

use super::{End, Hears, Kind, LINK, Link, follow, link, live_part};
use crate::ui::{
    browser,
    drawn::{Element, Part, el},
    json::Json,
};

/// Of the element that the dot is in, and of the one that says more.
const ID: &str = "live";
const NEWS: &str = "live-news";

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

/// What there is to say of it above the page.
#[component]
pub fn LiveNews() -> impl IntoView {
    view! { <div id=NEWS role="status">{news(Link::Waking, "").into_view()}</div> }
}

fn wake(data: &Json) -> Option<Hears> {
    let as_of = data.at("asOf").text()?;
    let mut part = Part::shown(ID.to_owned(), dot(Link::Waking, &as_of));
    let mut above = Part::shown(NEWS.to_owned(), news(Link::Waking, ""));
    let mut was_live = false;
    let mut heard = as_of.clone();
    follow(data.at("path").text()?);
    Some(Box::new(move |_| {
        let link = link();
        part.show(dot(link, &as_of));
        if was_live && link != Link::Live {
            heard = format!("As of {}", now());
        }
        above.show(news(link, &heard));
        // A page that was made while it was suspended leads nowhere else.
        if was_live && link == Link::Ended(End::Suspended) {
            browser::reload();
        }
        was_live = link == Link::Live || (was_live && link == Link::Reconnecting);
    }))
}

/// The time of day, for the reader.
fn now() -> String {
    let now = js_sys::Date::new_0().to_locale_time_string("default");
    now.into()
}

fn news(link: Link, heard: &str) -> Element {
    let (tone, words) = match link {
        Link::Offline => ("banner warning page-banner", "You are offline."),
        Link::Ended(End::SignedOut) => ("banner warning page-banner", "You are signed out."),
        Link::Ended(End::Gone) => (
            "banner warning page-banner",
            "You are no member of this organization any more.",
        ),
        _ => return el("div", ""),
    };
    let words = format!("{words} What you see is {}.", heard.replacen('A', "a", 1));
    let mut banner = el("div", tone).child(el("p", "").text(&words));
    if let Some((words, path)) = way_on(link) {
        banner = banner.child(el("a", "button small").attr("href", &path).text(words));
    }
    el("div", "").child(banner)
}

fn dot(link: Link, as_of: &str) -> Element {
    let words = words(link).unwrap_or(as_of);
    el("span", "live")
        .attr("data-state", state(link))
        .attr("title", words)
        .child(el("span", "").text(words))
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
