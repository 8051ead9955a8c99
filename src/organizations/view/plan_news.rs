//! What is paid for may change while a page is open: in another tab, by
//! somebody else, by Stripe.

use leptos::prelude::*;

use crate::{
    topic,
    ui::{
        drawn::{Element, Part, el},
        json::Json,
        live::{Hears, Kind, live_part},
    },
};

/// Of the element that it is in.
const ID: &str = "plan-news";

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
        let plan = told.at("label").text();
        let is_other = told.at("shown").text().is_some_and(|shown| shown != seen);
        part.show(news(plan.filter(|_| is_other)));
    }))
}

/// What there is to say of the plan that is another now.
fn news(plan: Option<String>) -> Element {
    let Some(plan) = plan else {
        return el("div", "");
    };
    let words = format!("What this organization pays for has changed: its plan is {plan} now.");
    let banner = el("div", "banner info page-banner")
        .child(el("p", "").text(&words))
        .child(el("a", "button small").attr("href", "").text("Reload"));
    el("div", "").child(banner)
}
