use leptos::prelude::*;

use super::{field::FieldIds, problem, typed};

/// One of several boxes that can be ticked.
pub struct Tick {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub is_ticked: bool,
}

/// Some boxes to tick, of which at least one is meant to be.
#[component]
pub fn Ticks(
    /// The field that problems with all of them are told of.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    ticks: Vec<Tick>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let problem = problem(&name);
    let came_back = ticks.iter().any(|tick| typed(&tick.name).is_some()) || problem.is_some();
    let described_by = ids.error.clone();
    let tick = move |tick: Tick| {
        let is_ticked = match typed(&tick.name) {
            Some(value) => value == "true",
            None => tick.is_ticked && !came_back,
        };
        view! {
            <label class="tick">
                <input type="checkbox" name=tick.name value="true" checked=is_ticked/>
                <span><strong>{tick.label}</strong><span class="muted">{tick.hint}</span></span>
            </label>
        }
    };
    view! {
        <fieldset class="field ticks" name=name aria-describedby=described_by>
            <legend>{label}</legend>
            {ticks.into_iter().map(tick).collect_view()}
            <p class="error" id=ids.error>{problem}</p>
        </fieldset>
    }
}
