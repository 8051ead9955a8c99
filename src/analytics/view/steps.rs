//! What an organization does first.

use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

use crate::{
    analytics::model::Checklist,
    id::OrgSlug,
    organizations::view::Section,
    topic,
    ui::{
        Glyph, Icon,
        form::ButtonForm,
        json::Json,
        live::{Hears, Kind, live_part, swap},
    },
};

/// First steps, until they are done or put away.
#[component]
pub fn FirstSteps(
    org: OrgSlug,
    name: String,
    checklist: Checklist,
    /// Whether those that are done are left out: there is more to be seen.
    is_short: bool,
) -> impl IntoView {
    let steps = [
        (true, "Create the organization", String::new(), ""),
        (
            checklist.has_project,
            "Create a project",
            format!("/app/{org}/projects/new"),
            "Create project",
        ),
        (
            checklist.has_key,
            "Make an API key",
            Section::ApiKeys.path(&org),
            "Make",
        ),
        (
            checklist.has_deployment,
            "Report a deployment",
            Section::ApiKeys.path(&org),
            "See how",
        ),
        (
            checklist.has_teammate,
            "Invite a teammate",
            format!("/app/{org}/settings/members"),
            "Invite",
        ),
        (
            checklist.has_image,
            "Choose an image",
            format!("/app/{org}/settings"),
            "Choose",
        ),
    ];
    let done = steps.iter().filter(|(done, ..)| *done).count();
    let words = format!("{done} of {} done", steps.len());
    let count = steps.len();
    let shown = steps.into_iter().filter(|(done, ..)| !(*done && is_short));
    let drawn = view! {
        <section class="card checklist" aria-labelledby="first-steps" data-part="first-steps">
            <div class="card-head">
                <div><h2 id="first-steps">{format!("Get {name} ready")}</h2><p class="muted">{words.clone()}</p></div>
                <ButtonForm function="dismiss_checklist" org=org.to_string() label="Dismiss" class="button ghost small"/>
            </div>
            <meter class="meter" min="0" max=count.to_string() value=done.to_string() aria-label=words.clone()>{words.clone()}</meter>
            <ol>{shown.map(step).collect_view()}</ol>
        </section>
    };
    live_part(&FIRST_STEPS, &Value::Null, drawn.into_any())
}

pub const FIRST_STEPS: Kind = Kind {
    name: "first-steps",
    topic: topic::OVERVIEW,
    wake,
};

/// What is done by which a step may be.
const STEPS: [&str; 4] = [
    "project.created",
    "api_key.created",
    "deployment.created",
    "member.accepted_invite",
];

/// Shows them anew once one of them may have been done.
fn wake(_: &Json) -> Option<Hears> {
    let mut known = None;
    Some(Box::new(move |told| {
        let events = told.at("eventsLastHour");
        let done: u64 = STEPS.iter().map(|step| events.at(step).count()).sum();
        if known.replace(done).is_some_and(|before| before != done) {
            spawn_local(async {
                swap(&["first-steps"]).await;
            });
        }
    }))
}

fn step((done, label, path, verb): (bool, &'static str, String, &'static str)) -> impl IntoView {
    if done {
        return view! {
            <li class="done">
                <Icon glyph=Glyph::CircleCheck/>
                <span class="body"><strong><span class="visually-hidden">"Done: "</span>{label}</strong></span>
            </li>
        }
        .into_any();
    }
    view! {
        <li>
            <Icon glyph=Glyph::Circle/>
            <span class="body"><strong>{label}</strong></span>
            <a class="button small" href=path>{verb}</a>
        </li>
    }
    .into_any()
}
