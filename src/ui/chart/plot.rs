//! The plot of a chart that answers to the pointer and to keys.

use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, PointerEvent};

use super::{
    frame::{Chart, Point},
    place::{Place, moved},
    scale::place_at,
};
use crate::ui::{
    drawn::{Element, el},
    number::grouped,
};

/// Where a place is chosen, as on a slider: a screen reader reads what is at
/// the place, or at the last one.
pub(super) fn plot(chart: &Chart<'_>, chosen: Option<usize>) -> Element {
    let told = Place::find(
        chart.points,
        chosen.unwrap_or(usize::MAX),
        chart.is_compared,
    );
    let words = told.as_ref().map(|place| place.words(chart.unit));
    let last = chart.points.len().saturating_sub(1);
    el("div", "plot explored")
        .attr("role", "slider")
        .attr("tabindex", "0")
        .attr("aria-label", chart.title)
        .attr("aria-orientation", "horizontal")
        .attr("aria-valuemin", "0")
        .attr("aria-valuemax", &last.to_string())
        .attr(
            "aria-valuenow",
            &told.map_or(0, |place| place.index).to_string(),
        )
        .attr("aria-valuetext", words.as_deref().unwrap_or("Nothing yet"))
}

/// The place, among so many, that is looked at after something has happened at
/// or beside the plot, by the pointer or a key; before, it was that one.
#[must_use]
pub fn chosen(event: &web_sys::Event, before: Option<usize>, count: usize) -> Option<usize> {
    // A finger leaves as soon as it has tapped.
    if event.type_() == "pointerleave" && is_touch(event) {
        return before;
    }
    // What is drawn in the plot lets the pointer through.
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    if !target.class_list().contains("plot") {
        return None;
    }
    match event.type_().as_str() {
        "pointermove" | "pointerdown" => {
            let pointer: &web_sys::MouseEvent = event.dyn_ref()?;
            place_at(pointer.offset_x(), target.client_width(), count)
        }
        "focusin" => before.or_else(|| count.checked_sub(1)),
        "keydown" => keyed(event.dyn_ref()?, before, count),
        _ => None,
    }
}

fn is_touch(event: &web_sys::Event) -> bool {
    let pointer = event.dyn_ref::<PointerEvent>();
    pointer.is_some_and(|pointer| pointer.pointer_type() == "touch")
}

/// The place that a key leads to; a key that leads nowhere leaves it.
fn keyed(event: &KeyboardEvent, before: Option<usize>, count: usize) -> Option<usize> {
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return before;
    }
    let key = event.key();
    if key == "Escape" {
        return None;
    }
    let last = count.checked_sub(1)?;
    let Some(place) = moved(&key, before.unwrap_or(last).min(last), last) else {
        return before;
    };
    event.prevent_default();
    Some(place)
}

/// What is at a place, on the side where there is room. It never comes from
/// the server, which may write no styles.
pub(super) fn tip(place: Place, unit: &str) -> Element {
    let class = if place.is_past_the_middle() {
        "chart-tip flipped"
    } else {
        "chart-tip"
    };
    let left = place.left();
    let Point {
        label,
        value,
        before,
    } = place.point;
    let tip = el("div", class)
        .attr("style:left", &left)
        .attr("aria-hidden", "true")
        .child(el("strong", "").text(&label))
        .child(el("span", "key s1").text(unit))
        .child(el("b", "").text(&grouped(value)));
    match before {
        Some(before) => tip
            .child(el("span", "key before").text("Period before"))
            .child(el("b", "").text(&grouped(before))),
        None => tip,
    }
}
