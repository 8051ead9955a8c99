//! The parts of a page that go on once the server has drawn them. They are one
//! island, whatever they show: to the browser, each kind of island is some
//! kilobytes more.

use std::cell::{OnceCell, RefCell};

use leptos::prelude::*;
use serde_json::Value;

use super::topic;
use crate::ui::json::Json;

/// What a part does with what it is told.
pub type Hears = Box<dyn FnMut(&Json)>;

/// A kind of part.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// What it listens to.
    pub topic: &'static str,
    /// Has it wake, with what the server wrote for it.
    pub wake: fn(&Json) -> Option<Hears>,
}

thread_local! {
    static KINDS: OnceCell<&'static [Kind]> = const { OnceCell::new() };
}

/// Says which kinds there are. Once, before the page wakes.
pub fn know(kinds: &'static [Kind]) {
    KINDS.with(|known| {
        let _known_already = known.set(kinds);
    });
}

fn kind(name: &str) -> Option<Kind> {
    let known = KINDS.with(|known| known.get().copied().unwrap_or_default());
    known.iter().find(|kind| kind.name == name).copied()
}

/// A part of a page, as the server draws it, with what it has to know to go on.
pub fn live_part(kind: &Kind, data: &Value, drawn: AnyView) -> impl IntoView + use<> {
    view! { <LivePart kind=kind.name.to_owned() data=data.to_string()>{drawn}</LivePart> }
}

#[island]
fn LivePart(kind: String, data: String, children: Children) -> impl IntoView {
    let hears = RefCell::new(None::<Hears>);
    Effect::new(move || {
        let Some(kind) = self::kind(&kind) else {
            return;
        };
        let told = topic(kind.topic).get();
        let mut hears = hears.borrow_mut();
        if hears.is_none() {
            *hears = Json::read(&data).as_ref().and_then(kind.wake);
        }
        if let Some(hears) = hears.as_mut()
            && let Some(told) = told.and_then(|text| Json::read(&text))
        {
            hears(&told);
        }
    });
    children()
}
