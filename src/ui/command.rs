//! The command palette, and the keys that do the same without it.
//!
//! The commands are part of the page as it arrives; what lives is the choice
//! among them, and what is looked up while typing.

use leptos::{ev, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{Glyph, Icon, browser, theme_switch};
use crate::theme::Theme;

pub const PALETTE: &str = "palette";
pub const SHORTCUTS: &str = "shortcuts";

/// Something that can be done from anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub group: &'static str,
    pub label: String,
    pub glyph: Glyph,
    pub does: Does,
    /// The keys that do it, one after the other, as `g p`.
    pub keys: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    Go(String),
    Look(Theme),
    ShowKeys,
}

/// Something that was looked up while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub label: String,
    pub path: String,
}

/// Where the palette looks for what isn't a command: a server function that
/// takes `org` and `q` and gives a list of [`Found`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    pub path: String,
    pub org: String,
}

impl Command {
    pub fn go(
        group: &'static str,
        label: impl Into<String>,
        glyph: Glyph,
        path: impl Into<String>,
        keys: &'static str,
    ) -> Self {
        Self {
            group,
            label: label.into(),
            glyph,
            does: Does::Go(path.into()),
            keys,
        }
    }

    /// What every page offers.
    #[must_use]
    pub fn everywhere() -> Vec<Self> {
        let look = |theme: Theme| Self {
            group: "Theme",
            label: format!("{} theme", theme.label()),
            glyph: theme_switch::glyph(theme),
            does: Does::Look(theme),
            keys: "",
        };
        let keys = Self {
            group: "Help",
            label: "Keyboard shortcuts".to_owned(),
            glyph: Glyph::Keyboard,
            does: Does::ShowKeys,
            keys: "?",
        };
        Theme::ALL.map(look).into_iter().chain([keys]).collect()
    }
}

/// The palette and the list of all keys.
#[component]
pub fn CommandCenter(commands: Vec<Command>, lookup: Lookup) -> impl IntoView {
    let keyed: Vec<_> = commands
        .iter()
        .filter(|command| !command.keys.is_empty())
        .cloned()
        .collect();
    view! {
        <dialog class="dialog palette" id=PALETTE aria-label="Command palette" closedby="any">
            <Palette lookup=lookup>
                {commands.into_iter().enumerate().map(|(place, command)| view! {
                    <Choice command=command place=place/>
                }).collect_view()}
            </Palette>
            <p class="palette-foot">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>" to move"</span>
                <span><kbd>"↵"</kbd>" to open"</span>
            </p>
        </dialog>
        <Keys commands=keyed/>
    }
}

#[component]
fn Choice(command: Command, place: usize) -> impl IntoView {
    let Command {
        group,
        label,
        glyph,
        does,
        keys,
    } = command;
    let (go, look, opens) = match does {
        Does::Go(path) => (Some(path), None, None),
        Does::Look(theme) => (None, Some(theme.name()), None),
        Does::ShowKeys => (None, None, Some(SHORTCUTS)),
    };
    let text = format!("{label} {group}").to_lowercase();
    view! {
        <div
            class="item"
            role="option"
            id=format!("palette-{place}")
            aria-selected=(place == 0).to_string()
            data-text=text
            data-go=go
            data-look=look
            data-opens=opens
            data-keys=(!keys.is_empty()).then_some(keys)
        >
            <Icon glyph=glyph/>
            <span class="label">{label}</span>
            <span class="muted">{group}</span>
            <KeyCaps keys=keys/>
        </div>
    }
}

#[component]
fn KeyCaps(keys: &'static str) -> impl IntoView {
    (!keys.is_empty()).then(|| {
        view! {
            <span class="keys">
                {keys.split(' ').map(|key| view! { <kbd>{key}</kbd> }).collect_view()}
            </span>
        }
    })
}

#[component]
fn Keys(commands: Vec<Command>) -> impl IntoView {
    let always = [
        ("Command palette", "⌘K"),
        ("Filter the list", "/"),
        ("Next row", "j"),
        ("Row before", "k"),
        ("Open the row", "↵"),
        ("Close", "Esc"),
    ];
    let line = |label: String, keys: &'static str| view! { <div><dt>{label}</dt><dd><KeyCaps keys=keys/></dd></div> };
    view! {
        <dialog class="dialog" id=SHORTCUTS aria-labelledby="shortcuts-title" closedby="any">
            <div class="dialog-head">
                <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
                <button class="button ghost icon-only small" type="button" commandfor=SHORTCUTS command="close" aria-label="Close">
                    <Icon glyph=Glyph::X/>
                </button>
            </div>
            <div class="dialog-body">
                <dl class="shortcuts">
                    {always.map(|(label, keys)| line(label.to_owned(), keys)).into_iter().collect_view()}
                    {commands.into_iter().map(|command| line(command.label, command.keys)).collect_view()}
                </dl>
            </div>
        </dialog>
    }
}

/// The part of the palette that lives, around the commands of the page.
#[island]
fn Palette(lookup: Lookup, children: Children) -> impl IntoView {
    let found = RwSignal::new(Vec::<Found>::new());
    let note = RwSignal::new("");
    let typed = StoredValue::new(String::new());
    Effect::new(listen);
    let look_up = move |text: String| {
        let lookup = lookup.clone();
        spawn_local(async move {
            let answer = browser::call(&lookup.path, &[("org", &lookup.org), ("q", &text)]).await;
            // An answer to what was typed before comes too late.
            if typed.with_value(|typed| *typed == text) {
                found.set(answer.unwrap_or_default());
                request_animation_frame(move || show_choices(&text, note));
            }
        });
    };
    let on_input = move |event| {
        let text = event_target_value(&event);
        typed.set_value(text.clone());
        found.set(Vec::new());
        show_choices(&text, note);
        if !text.trim().is_empty() {
            note.set("Searching…");
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
    let typed = typed.to_lowercase();
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
    if let Some(first) = shown.first() {
        choose(first);
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
    if let Ok(Some(input)) = document().query_selector("#palette [role=combobox]") {
        let _refused = input.set_attribute("aria-activedescendant", &chosen.id());
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

fn run(command: &Element) {
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

/// Which way the keyboard moves through a list, round and round.
fn moved(place: usize, by: isize, count: usize) -> usize {
    if count == 0 {
        0
    } else {
        (place + count).wrapping_add_signed(by) % count
    }
}

/// Listens to the keys of the page, for as long as it is shown.
fn listen() {
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

fn elements(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|place| found.item(place)?.dyn_into().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_round() {
        assert_eq!((moved(2, 1, 3), moved(0, -1, 3), moved(0, 1, 0)), (0, 2, 0));
    }
}
