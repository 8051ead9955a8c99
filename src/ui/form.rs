//! Forms. Each posts to a server function and works without a script; with
//! one, errors appear beside their fields without leaving the page.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use super::{
    Glyph, Icon,
    browser::{self, Posted, Refusal},
    escape::escaped,
};
use crate::{
    error::AppError,
    flash::{Flash, FormFlash},
};

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

/// What of a field is the same whatever it is.
#[derive(Clone, Default)]
struct FieldIds {
    input: String,
    hint: String,
    error: String,
}

impl FieldIds {
    fn of(field: &str) -> Self {
        let form = use_context::<FormKey>().unwrap_or_default().0;
        let input: String = format!("{form}-{field}")
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect::<String>()
            .trim_end_matches('-')
            .to_owned();
        Self {
            hint: format!("{input}-hint"),
            error: format!("{input}-error"),
            input,
        }
    }
}

/// A field of one line.
#[component]
pub fn Field(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(default = true)] required: bool,
    #[prop(optional)] max: Option<usize>,
    #[prop(optional)] min: Option<usize>,
    #[prop(optional)] autofocus: bool,
    /// Stands before the input, as a part of what it says.
    #[prop(optional, into)]
    prefix: Option<String>,
    /// Stands to the right of the label.
    #[prop(optional)]
    aside: Option<AnyView>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let value = typed(&name).unwrap_or(value);
    let described_by = described_by(&ids, hint.is_some());
    let problem = problem(&name);
    let input = view! {
        <input
            id=ids.input.clone()
            name=name
            type=kind
            value=value
            autocomplete=(!autocomplete.is_empty()).then_some(autocomplete)
            required=required
            maxlength=max.map(|max| max.to_string())
            minlength=min.map(|min| min.to_string())
            autofocus=autofocus
            aria-describedby=described_by
            aria-invalid=problem.is_some().then_some("true")
        />
    };
    let label = view! { <label for=ids.input.clone()>{label}{(!required).then(|| view! { " " <span class="optional">"Optional"</span> })}</label> };
    view! {
        <div class="field">
            {match aside {
                Some(aside) => view! { <div class="label-row">{label}{aside}</div> }.into_any(),
                None => label.into_any(),
            }}
            {match prefix {
                Some(prefix) => view! { <div class="input-group"><span class="affix">{prefix}</span>{input}</div> }.into_any(),
                None => input.into_any(),
            }}
            {hint.map(|hint| view! { <p class="hint" id=ids.hint>{hint}</p> })}
            <p class="error" id=ids.error>{problem}</p>
        </div>
    }
}

fn described_by(ids: &FieldIds, has_hint: bool) -> String {
    if has_hint {
        format!("{} {}", ids.hint, ids.error)
    } else {
        ids.error.clone()
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(default = true)] required: bool,
    #[prop(optional)] max: Option<usize>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let value = typed(&name).unwrap_or(value);
    let described_by = described_by(&ids, hint.is_some());
    let problem = problem(&name);
    view! {
        <div class="field">
            <label for=ids.input.clone()>{label}{(!required).then(|| view! { " " <span class="optional">"Optional"</span> })}</label>
            <textarea
                id=ids.input
                name=name
                rows="3"
                required=required
                maxlength=max.map(|max| max.to_string())
                aria-describedby=described_by
                aria-invalid=problem.is_some().then_some("true")
            >
                {escaped(&value)}
            </textarea>
            {hint.map(|hint| view! { <p class="hint" id=ids.hint>{hint}</p> })}
            <p class="error" id=ids.error>{problem}</p>
        </div>
    }
}

/// The button that sends a form.
#[component]
pub fn Submit(
    #[prop(into)] label: String,
    #[prop(default = "button primary")] class: &'static str,
) -> impl IntoView {
    view! { <button class=class type="submit">{label}</button> }
}

/// A form to one server function that is no more than a button.
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
    view! {
        <form method="post" action=format!("/_fn/{function}")>
            {org.map(|org| view! { <input type="hidden" name="org" value=org/> })}
            {with.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
            <button class=class type="submit">{label}</button>
        </form>
    }
}

/// A dialog that asks to type a name before something is destroyed. Came the
/// form back with an error and without a script, it is open.
#[component]
pub fn ConfirmDanger(
    /// The dialog's id, for the button that opens it.
    id: &'static str,
    #[prop(into)] function: String,
    #[prop(into)] org: String,
    #[prop(into)] title: String,
    #[prop(into)] warning: String,
    /// What is to be typed.
    #[prop(into)]
    phrase: String,
    #[prop(into)] label: String,
    /// One more value to send.
    #[prop(optional)]
    with: Option<(&'static str, String)>,
) -> impl IntoView {
    let came_back = use_context::<Flash>()
        .and_then(|flash| flash.form)
        .is_some_and(|form| form.action == format!("/_fn/{function}"));
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog class="dialog" id=id aria-labelledby=labelled_by closedby="any" open=came_back>
            <Form function=function org=org>
                {with.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                <div class="dialog-head">
                    <h2 id=heading>{title}</h2>
                    <button class="button ghost icon-only small" type="button" commandfor=id command="close" aria-label="Close">
                        <Icon glyph=Glyph::X/>
                    </button>
                </div>
                <div class="dialog-body">
                    <p>{warning}</p>
                    <Field name="confirmation" label=format!("Type {phrase} to confirm") autocomplete="off" autofocus=true/>
                </div>
                <div class="dialog-foot">
                    <button class="button" type="button" commandfor=id command="close">"Cancel"</button>
                    <Submit label=label class="button danger"/>
                </div>
            </Form>
        </dialog>
    }
}
