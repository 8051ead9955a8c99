use leptos::prelude::*;

use super::{
    field::{FieldIds, described_by},
    problem, typed,
};

/// A choice among a few.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Each value with what it is called.
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let chosen = typed(&name).unwrap_or(value);
    let described_by = described_by(&ids, hint.is_some());
    let problem = problem(&name);
    view! {
        <div class="field">
            <label for=ids.input.clone()>{label}</label>
            <select
                id=ids.input
                name=name
                aria-describedby=described_by
                aria-invalid=problem.is_some().then_some("true")
            >
                {options.into_iter().map(|(value, label)| view! {
                    <option value=value.clone() selected=value == chosen>{label}</option>
                }).collect_view()}
            </select>
            {hint.map(|hint| view! { <p class="hint" id=ids.hint>{hint}</p> })}
            <p class="error" id=ids.error>{problem}</p>
        </div>
    }
}
