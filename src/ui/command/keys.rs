//! The keys of the page.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{PALETTE, elements, moved, palette::run};
use crate::ui::browser;

/// Listens to the keys of the page, for as long as it is shown.
pub(super) fn listen() {
    let pressed = StoredValue::new(String::new());
    let _listens_on = window_event_listener(ev::keydown, move |event| on_key(&event, pressed));
}

fn on_key(event: &KeyboardEvent, pressed: StoredValue<String>) {
    let key = event.key();
    if (event.meta_key() || event.ctrl_key()) && key.eq_ignore_ascii_case("k") {
        event.prevent_default();
        return browser::show_dialog(PALETTE);
    }
    if event.meta_key() || event.ctrl_key() || event.alt_key() || is_busy(event) {
        return;
    }
    let before = pressed.get_value();
    let sequence = if before.is_empty() {
        key.clone()
    } else {
        format!("{before} {key}")
    };
    let commands = elements("[data-keys]");
    let keys_of = |command: &Element| command.get_attribute("data-keys").unwrap_or_default();
    if let Some(command) = commands.iter().find(|command| keys_of(command) == sequence) {
        pressed.set_value(String::new());
        event.prevent_default();
        return run(command);
    }
    let begins = commands
        .iter()
        .any(|command| keys_of(command).starts_with(&format!("{key} ")));
    pressed.set_value(if begins { key.clone() } else { String::new() });
    let is_ours = match key.as_str() {
        "/" => browser::focus("[data-filter]"),
        "j" => move_row(1),
        "k" => move_row(-1),
        _ => false,
    };
    if is_ours {
        event.prevent_default();
    }
}

/// Whether the key is meant for what has the focus, or for an open dialog.
fn is_busy(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let is_typing = target.is_some_and(|target| {
        target.is_content_editable()
            || matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    });
    is_typing
        || document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some()
}

/// Moves the focus to the next row of the list, or the one before.
fn move_row(by: isize) -> bool {
    let rows = elements("a.row-link");
    let focused = document().active_element();
    let place = rows.iter().position(|row| {
        focused
            .as_ref()
            .is_some_and(|focused| row.is_same_node(Some(focused)))
    });
    let next = match place {
        Some(place) => moved(place, by, rows.len()),
        None if by > 0 => 0,
        None => rows.len().saturating_sub(1),
    };
    let row = rows.get(next).and_then(|row| row.dyn_ref::<HtmlElement>());
    row.is_some_and(|row| row.focus().is_ok())
}
