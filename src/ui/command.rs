//! The command palette, and the keys that do the same without it.
//!
//! The commands are part of the page as it arrives; what lives is the choice
//! among them, and what is looked up while typing.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::Element;

use palette::Palette;

use super::{Glyph, Icon, theme_switch};
use crate::theme::Theme;

mod keys;
mod palette;

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

    /// What a page offers that belongs to no organization.
    #[must_use]
    pub fn outside() -> Vec<Self> {
        let mut commands = vec![
            Self::go(
                "Go to",
                "Your organizations",
                Glyph::Building,
                "/app?choose",
                "g o",
            ),
            Self::go("Go to", "Account", Glyph::User, "/account", "g y"),
            Self::go("Create", "New organization", Glyph::Plus, "/app/new", "c"),
        ];
        commands.extend(Self::everywhere());
        commands
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
pub fn CommandCenter(commands: Vec<Command>, lookup: Option<Lookup>) -> impl IntoView {
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

/// Which way the keyboard moves through a list, round and round.
fn moved(place: usize, by: isize, count: usize) -> usize {
    if count == 0 {
        0
    } else {
        (place + count).wrapping_add_signed(by) % count
    }
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
