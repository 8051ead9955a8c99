//! What an organization does first.

use leptos::prelude::*;

use crate::{
    analytics::model::Checklist,
    id::OrgSlug,
    organizations::view::Section,
    ui::{Glyph, Icon, form::ButtonForm},
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
    view! {
        <section class="card checklist" aria-labelledby="first-steps">
            <div class="card-head">
                <div><h2 id="first-steps">{format!("Get {name} ready")}</h2><p class="muted">{words.clone()}</p></div>
                <ButtonForm function="dismiss_checklist" org=org.to_string() label="Dismiss" class="button ghost small"/>
            </div>
            <meter class="meter" min="0" max=count.to_string() value=done.to_string() aria-label=words.clone()>{words.clone()}</meter>
            <ol>{shown.map(step).collect_view()}</ol>
        </section>
    }
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
