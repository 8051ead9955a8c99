//! What forms are made of: fields with their labels, hints and errors.

use leptos::prelude::*;

use super::{FormKey, problem, typed};
use crate::ui::escape::escaped;

/// What of a field is the same whatever it is.
#[derive(Clone, Default)]
pub(super) struct FieldIds {
    pub input: String,
    pub hint: String,
    pub error: String,
}

impl FieldIds {
    pub fn of(field: &str) -> Self {
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

pub(super) fn described_by(ids: &FieldIds, has_hint: bool) -> String {
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
