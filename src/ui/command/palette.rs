//! The part of the palette that lives: the choice among the commands of the
//! page, and what is looked up while typing.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{Found, Lookup, PALETTE, elements, keys, moved};
use crate::ui::{Glyph, Icon, browser, theme_switch};

/// How long somebody stops typing before we look.
const PAUSE: Duration = Duration::from_millis(120);

/// Stands around the commands of the page.
#[island]
pub fn Palette(lookup: Option<Lookup>, children: Children) -> impl IntoView {
    let found = RwSignal::new(Vec::<Found>::new());
    let note = RwSignal::new("");
    let typed = StoredValue::new(String::new());
    Effect::new(keys::listen);
    let look_up = move |text: String| {
        let Some(lookup) = lookup.clone() else { return };
        note.set("Searching…");
        let is_stale = move |text: &String| typed.with_value(|typed| typed != text);
        let ask = move || {
            spawn_local(async move {
                if is_stale(&text) {
                    return;
                }
                let answer =
                    browser::call(&lookup.path, &[("org", &lookup.org), ("q", &text)]).await;
                // An answer to what was typed before comes too late.
                if !is_stale(&text) {
                    found.set(answer.unwrap_or_default());
                    request_animation_frame(move || show_choices(&text, note));
                }
            })
        };
        set_timeout(ask, PAUSE);
    };
    let on_input = move |event| {
        let text = event_target_value(&event);
        typed.set_value(text.clone());
        found.set(Vec::new());
        show_choices(&text, note);
        if !text.trim().is_empty() {
            look_up(text);
        }
    };
    view! {
        <div class="palette-input">
            <Icon glyph=Glyph::Search/>
            <input
                type="text"
                role="combobox"
                aria-label="Search or jump to"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-autocomplete="list"
                aria-activedescendant="palette-0"
                placeholder="Search or jump to…"
                autocomplete="off"
                spellcheck="false"
                autofocus
                on:focus=|event| browser::select_all(&event)
                on:input=on_input
                on:keydown=|event| on_palette_key(&event)
            />
            <kbd>"Esc"</kbd>
        </div>
        <div
            class="palette-list"
            id="palette-list"
            role="listbox"
            aria-label="Results"
            on:mousemove=|event| { let _chosen = option_at(&event).map(|option| choose(&option)); }
            on:click=|event| { let _run = option_at(&event).map(|option| run(&option)); }
        >
            {children()}
            {move || found.get().into_iter().enumerate().map(|(place, found)| view! {
                <div class="item" role="option" id=format!("palette-found-{place}") aria-selected="false" data-go=found.path>
                    <span class="label">{found.label}</span>
                    <span class="muted">"Projects"</span>
                </div>
            }).collect_view()}
        </div>
        <p class="palette-none muted" role="status" hidden=move || note.get().is_empty()>{move || note.get()}</p>
    }
}

/// Shows the commands that fit what was typed, and chooses the first.
fn show_choices(typed: &str, note: RwSignal<&'static str>) {
    // The browser knows the small letters of all scripts already.
    let typed = String::from(js_sys::JsString::from(typed).to_lower_case());
    for option in elements("#palette-list [data-text]") {
        let text = option.get_attribute("data-text").unwrap_or_default();
        let fits = typed.split_whitespace().all(|word| text.contains(word));
        let _refused = if fits {
            option.remove_attribute("hidden")
        } else {
            option.set_attribute("hidden", "")
        };
    }
    let shown = shown_choices();
    note.set(if shown.is_empty() {
        "Nothing matches. Try fewer words."
    } else {
        ""
    });
    match shown.first() {
        Some(first) => choose(first),
        None => point_at(None),
    }
}

fn shown_choices() -> Vec<Element> {
    elements("#palette-list [role=option]:not([hidden])")
}

fn choose(chosen: &Element) {
    for option in elements("#palette-list [role=option]") {
        let is_chosen = option.is_same_node(Some(chosen));
        let _refused =
            option.set_attribute("aria-selected", if is_chosen { "true" } else { "false" });
    }
    point_at(Some(&chosen.id()));
}

/// Tells whoever can't see it which choice the keys would take.
fn point_at(id: Option<&str>) {
    if let Ok(Some(input)) = document().query_selector("#palette [role=combobox]") {
        let _refused = match id {
            Some(id) => input.set_attribute("aria-activedescendant", id),
            None => input.remove_attribute("aria-activedescendant"),
        };
    }
}

fn option_at(event: &ev::MouseEvent) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest("[role=option]")
        .ok()?
}

/// Does what a command of the page says.
pub(super) fn run(command: &Element) {
    browser::close_dialog(PALETTE);
    let does = |name: &str| command.get_attribute(name);
    if let Some(path) = does("data-go") {
        browser::go(&path);
    } else if let Some(theme) = does("data-look").and_then(|theme| theme.parse().ok()) {
        theme_switch::apply(theme);
    } else if let Some(dialog) = does("data-opens") {
        browser::show_dialog(&dialog);
    }
}

fn on_palette_key(event: &KeyboardEvent) {
    let shown = shown_choices();
    let chosen = shown
        .iter()
        .position(|option| option.get_attribute("aria-selected").as_deref() == Some("true"));
    let chosen = chosen.unwrap_or_default();
    let next = match event.key().as_str() {
        "ArrowDown" => moved(chosen, 1, shown.len()),
        "ArrowUp" => moved(chosen, -1, shown.len()),
        "Enter" => {
            event.prevent_default();
            if let Some(command) = shown.get(chosen) {
                run(command);
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(option) = shown.get(next) {
        choose(option);
        option.scroll_into_view_with_bool(false);
    }
}
