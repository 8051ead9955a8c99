use leptos::prelude::*;

use super::{Glyph, Icon, browser};
use crate::theme::Theme;

/// Three ways to look. Takes effect at once; without a script, when it is sent.
#[island]
pub fn ThemeSwitch(theme: Theme) -> impl IntoView {
    let is_awake = RwSignal::new(false);
    Effect::new(move || is_awake.set(true));
    let choice = move |choice: Theme| {
        view! {
            <label>
                <input
                    type="radio"
                    name="theme"
                    value=choice.name()
                    checked=choice == theme
                    on:change=move |_| apply(choice)
                />
                <Icon glyph=glyph(choice)/>
                {choice.label()}
            </label>
        }
    };
    view! {
        <form class="row" method="post" action="/_fn/set_theme">
            <fieldset class="segments">
                <legend class="visually-hidden">"Theme"</legend>
                {Theme::ALL.map(choice).into_iter().collect_view()}
            </fieldset>
            <button class="button" type="submit" hidden=move || is_awake.get()>"Apply"</button>
        </form>
    }
}

/// Shows the page in a theme from now on.
pub fn apply(theme: Theme) {
    browser::set_root_attribute("data-theme", theme.attribute());
    browser::set_cookie(&theme.cookie());
}

#[must_use]
pub const fn glyph(theme: Theme) -> Glyph {
    match theme {
        Theme::System => Glyph::SunMoon,
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
    }
}
