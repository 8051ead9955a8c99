//! The slug of an organization: suggested from its name, checked while typing.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use crate::{
    id::OrgSlug,
    organizations::model::{NAME_MAX, SlugStanding},
    ui::{browser, form},
};

/// How long a slug must stand still before it is asked for.
const PAUSE: Duration = Duration::from_millis(250);

/// The server function [`check_slug`](crate::organizations::api::check_slug).
const CHECK: &str = "/_fn/check_slug";

#[derive(Clone, Debug, PartialEq, Eq)]
enum Check {
    Idle,
    Running,
    Done(SlugStanding),
}

impl Check {
    const fn state(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "checking",
            Self::Done(SlugStanding::Not(_)) => "taken",
            Self::Done(_) => "free",
        }
    }

    fn words(&self, slug: &str) -> String {
        match self {
            Self::Idle => String::new(),
            Self::Running => "Checking…".to_owned(),
            Self::Done(SlugStanding::Free) => format!("{slug} is available"),
            Self::Done(SlugStanding::Own) => format!("{slug} is yours"),
            Self::Done(SlugStanding::Not(why)) => why.clone(),
        }
    }
}

/// What a field holds, and what is wrong with that.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Typed {
    value: String,
    problem: Option<String>,
}

impl Typed {
    /// What was typed into that field before its form came back, else what it
    /// holds from the start.
    #[must_use]
    pub fn into_field(field: &str, otherwise: &str) -> Self {
        Self {
            value: form::typed(field).unwrap_or_else(|| otherwise.to_owned()),
            problem: form::problem(field),
        }
    }
}

/// Asks for what stands in the field, once it has stood there for a moment.
fn ask(slug: RwSignal<String>, check: RwSignal<Check>, org: Option<OrgSlug>) {
    let asked = slug.get_untracked();
    if asked.is_empty() {
        return check.set(Check::Idle);
    }
    check.set(Check::Running);
    let then = move || {
        if slug.get_untracked() != asked {
            return;
        }
        spawn_local(async move {
            let org = org.as_ref().map(|org| ("org", org.as_str()));
            let arguments: Vec<_> = [("slug", asked.as_str())].into_iter().chain(org).collect();
            let standing = browser::call(CHECK, &arguments).await;
            if slug.get_untracked() == asked {
                check.set(standing.map_or(Check::Idle, Check::Done));
            }
        });
    };
    set_timeout(then, PAUSE);
}

/// The name of a new organization, and the slug that follows it until one is
/// typed.
#[island]
pub fn NameAndSlug(host: String, name: Typed, slug: Typed) -> impl IntoView {
    let (name_problem, slug_problem) = (name.problem.clone(), slug.problem.clone());
    let slug = slug.value;
    let follows = StoredValue::new(slug.is_empty());
    let slug = RwSignal::new(slug);
    let check = RwSignal::new(Check::Idle);
    let on_name = move |event| {
        if follows.get_value() {
            slug.set(OrgSlug::suggest(&event_target_value(&event)));
            ask(slug, check, None);
        }
    };
    view! {
        <div class="field">
            <label for="organization-name">"Name"</label>
            <input
                id="organization-name"
                name="new[name]"
                value=name.value
                autocomplete="organization"
                required
                maxlength=NAME_MAX.to_string()
                autofocus
                aria-describedby="organization-name-error"
                aria-invalid=name_problem.is_some().then_some("true")
                on:input=on_name
            />
            <p class="error" id="organization-name-error">{name_problem}</p>
        </div>
        <SlugInput host=host field="new[slug]" slug=slug problem=slug_problem check=check on_typed=move || {
            follows.set_value(slug.with_untracked(String::is_empty));
            ask(slug, check, None);
        }/>
    }
}

/// The slug of an organization that has one.
#[island]
pub fn SlugField(host: String, org: OrgSlug, slug: Typed) -> impl IntoView {
    let problem = slug.problem;
    let slug = RwSignal::new(slug.value);
    let check = RwSignal::new(Check::Idle);
    view! {
        <SlugInput host=host field="slug" slug=slug problem=problem check=check on_typed=move || {
            ask(slug, check, Some(org.clone()));
        }/>
    }
}

#[component]
fn SlugInput(
    host: String,
    field: &'static str,
    slug: RwSignal<String>,
    problem: Option<String>,
    check: RwSignal<Check>,
    on_typed: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="organization-slug">"Address"</label>
            <div class="input-group">
                <span class="affix" id="organization-slug-prefix">{host}"/app/"</span>
                <input
                    id="organization-slug"
                    name=field
                    value=slug.get_untracked()
                    required
                    autocomplete="off"
                    spellcheck="false"
                    maxlength=OrgSlug::MAX_LENGTH.to_string()
                    aria-describedby="organization-slug-prefix organization-slug-status organization-slug-error"
                    aria-invalid=problem.is_some().then_some("true")
                    prop:value=move || slug.get()
                    on:input=move |event| {
                        slug.set(event_target_value(&event));
                        on_typed();
                    }
                />
            </div>
            <p class="availability" id="organization-slug-status" role="status" data-state=move || check.get().state()>
                {move || check.get().words(&slug.get())}
            </p>
            <p class="error" id="organization-slug-error">{problem}</p>
        </div>
    }
}
