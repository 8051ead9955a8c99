//! What is paid for may change while a page is open: in another tab, by
//! somebody else, by Stripe.

use leptos::prelude::*;

use crate::{
    topic,
    ui::{
        browser,
        drawn::{Element, Part, el},
        json::Json,
        live::{Hears, Kind, live_part},
    },
};

/// Of the element that it is in.
const ID: &str = "plan-news";

/// The standings of an organization that is closed.
const CLOSED: [&str; 2] = ["lapsed", "suspended"];

pub const PLAN_NEWS: Kind = Kind {
    name: "plan-news",
    topic: topic::BILLING,
    wake,
};

/// Says so once the plan, or how the organization stands, isn't what the page
/// was made for.
#[component]
pub fn PlanNews(
    /// The plan and the standing, as they are told.
    seen: String,
) -> impl IntoView {
    let drawn = news(None).into_view();
    let drawn = view! { <div id=ID role="status">{drawn}</div> };
    live_part(&PLAN_NEWS, &seen.into(), drawn.into_any())
}

fn wake(seen: &Json) -> Option<Hears> {
    let seen = seen.text()?;
    let mut part = Part::shown(ID.to_owned(), news(None));
    Some(Box::new(move |told| {
        let is_other = told.at("shown").text().is_some_and(|shown| shown != seen);
        let standing = told.at("standing").text().unwrap_or_default();
        // Where it is closed, all pages lead to the one that says why.
        if is_other && CLOSED.contains(&standing.as_str()) {
            browser::reload();
        }
        part.show(news(told.at("words").text().filter(|_| is_other)));
    }))
}

/// What there is to say of what is paid for once it is another.
fn news(words: Option<String>) -> Element {
    let Some(words) = words else {
        return el("div", "");
    };
    let words = format!("What this organization pays for has changed. {words}");
    let banner = el("div", "banner info page-banner")
        .child(el("p", "").text(&words))
        .child(el("a", "button small").attr("href", "").text("Reload"));
    el("div", "").child(banner)
}
