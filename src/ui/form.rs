//! Forms. Each posts to a server function and works without a script; with
//! one, errors appear beside their fields without leaving the page.

mod danger;
mod field;
mod select;
mod tick;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use super::browser::{self, Posted, Refusal};
use crate::{
    error::AppError,
    flash::{Flash, FormFlash},
};

pub use danger::{Confirm, ConfirmDanger};
pub use field::{Field, Submit, TextArea};
pub use select::Select;
pub use tick::{Tick, Ticks};

/// A form as it came back from a browser without scripts: what is wrong with
/// it, and what was typed.
#[derive(Clone, Default)]
struct CameBack(Option<FormFlash>);

impl CameBack {
    fn current() -> Self {
        use_context().unwrap_or_default()
    }

    fn typed(&self, field: &str) -> Option<String> {
        self.0.as_ref()?.values.get(field).cloned()
    }

    /// What is wrong with that field, in words.
    fn problem(&self, field: &str) -> Option<String> {
        match &self.0.as_ref()?.error {
            AppError::Invalid { errors } => errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| error.problem.words()),
            _ => None,
        }
    }
}

/// What was typed into a field of the form around it, before it came back.
#[must_use]
pub fn typed(field: &str) -> Option<String> {
    CameBack::current().typed(field)
}

/// What is wrong with a field of the form around it, in words.
#[must_use]
pub fn problem(field: &str) -> Option<String> {
    CameBack::current().problem(field)
}

/// The name of a form within its page, from which its fields get their ids.
#[derive(Clone, Default)]
struct FormKey(String);

/// A form that posts to the server function of that name.
#[component]
pub fn Form(
    #[prop(into)] function: String,
    /// The organization that it is about.
    #[prop(optional, into)]
    org: Option<String>,
    #[prop(optional)] with_file: bool,
    children: Children,
) -> impl IntoView {
    let action = format!("/_fn/{function}");
    let failed = use_context::<Flash>()
        .and_then(|flash| flash.form)
        .filter(|form| form.action == action);
    let message = failed.as_ref().and_then(|form| form.error.message());
    provide_context(CameBack(failed));
    provide_context(FormKey(function));
    view! {
        <LiveForm action=action with_file=with_file message=message>
            {org.map(|org| view! { <input type="hidden" name="org" value=org/> })}
            {children()}
        </LiveForm>
    }
}

#[island]
fn LiveForm(
    action: String,
    with_file: bool,
    message: Option<String>,
    children: Children,
) -> impl IntoView {
    let message = RwSignal::new(message);
    let target = action.clone();
    let on_submit = move |event: SubmitEvent| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return };
        event.prevent_default();
        if form.get_attribute("aria-busy").is_none() {
            show_pending(&form, true);
            spawn_local(submit(target.clone(), form, message));
        }
    };
    view! {
        <form
            class="form"
            method="post"
            action=action
            enctype=with_file.then_some("multipart/form-data")
            on:submit=on_submit
        >
            {move || message.get().map(|words| view! {
                <div class="banner danger" role="alert"><p>{words}</p></div>
            })}
            {children()}
        </form>
    }
}

/// Stays pending when it goes on: the next page is on its way then.
async fn submit(action: String, form: HtmlFormElement, message: RwSignal<Option<String>>) {
    let refusal = match browser::post_form(&action, &form).await {
        Posted::Go(path) => return browser::go(&path),
        Posted::Stale => return browser::reload(),
        Posted::SignedOut => {
            let here = js_sys::encode_uri_component(&browser::here());
            return browser::go(&format!("/auth/signin?callbackUrl={here}"));
        }
        Posted::Refused(refusal) => refusal,
        Posted::Unreachable => Refusal::unreachable(),
    };
    show_pending(&form, false);
    show_problems(&form, &refusal);
    message.set(refusal.message);
}

fn show_pending(form: &HtmlFormElement, is_pending: bool) {
    let button = form.query_selector("button[type=submit]").ok().flatten();
    for element in button.iter().chain([form.as_ref()]) {
        let _refused = match is_pending {
            true => element.set_attribute("aria-busy", "true"),
            false => element.remove_attribute("aria-busy"),
        };
    }
}

/// Says beside each field what is wrong with it, and goes to the first.
fn show_problems(form: &HtmlFormElement, refusal: &Refusal) {
    let Ok(fields) = form.query_selector_all("[aria-describedby]") else {
        return;
    };
    let mut first = None;
    for place in 0..fields.length() {
        let Some(field) = fields
            .item(place)
            .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
        else {
            continue;
        };
        let name = field.get_attribute("name").unwrap_or_default();
        let problem = refusal
            .fields
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, words)| words.as_str());
        let _refused = match problem {
            Some(_) => field.set_attribute("aria-invalid", "true"),
            None => field.remove_attribute("aria-invalid"),
        };
        let error = field.get_attribute("aria-describedby").unwrap_or_default();
        let error = error
            .split(' ')
            .next_back()
            .and_then(|id| document().get_element_by_id(id));
        if let Some(error) = error {
            error.set_text_content(problem);
        }
        if problem.is_some() && first.is_none() {
            first = Some(field);
        }
    }
    if let Some(field) = first {
        let _refused = field.focus();
    }
}

/// What was wrong with one of some forms when it was sent without a script, for
/// forms that have no place to say so themselves.
#[component]
pub fn Refused(functions: &'static [&'static str]) -> impl IntoView {
    let refused = use_context::<Flash>()
        .and_then(|flash| flash.form)
        .filter(|form| {
            form.action
                .strip_prefix("/_fn/")
                .is_some_and(|function| functions.contains(&function))
        });
    refused.map(|form| {
        view! { <div class="banner danger" role="alert"><p>{form.error.words()}</p></div> }
    })
}

/// A form to one server function that is no more than a button. What was wrong
/// with it when it was pressed is said below.
#[component]
pub fn ButtonForm(
    #[prop(into)] function: String,
    #[prop(into)] label: String,
    #[prop(default = "button")] class: &'static str,
    #[prop(optional, into)] org: Option<String>,
    /// One more value to send.
    #[prop(optional)]
    with: Option<(&'static str, String)>,
) -> impl IntoView {
    let action = format!("/_fn/{function}");
    let problem = use_context::<Flash>()
        .and_then(|flash| flash.form)
        .filter(|form| form.action == action)
        .filter(|form| {
            with.as_ref()
                .is_none_or(|(name, value)| form.values.get(*name) == Some(value))
        })
        .map(|form| form.error.words());
    view! {
        <form method="post" action=action>
            {org.map(|org| view! { <input type="hidden" name="org" value=org/> })}
            {with.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
            <button class=class type="submit">{label}</button>
            {problem.map(|words| view! { <p class="error" role="alert">{words}</p> })}
        </form>
    }
}
