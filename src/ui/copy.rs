use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{Glyph, Icon, browser};

/// A button that copies a text, and says so.
#[island]
pub fn CopyButton(text: String, label: String) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let on_click = move |_| {
        let text = text.clone();
        spawn_local(async move {
            if browser::copy(&text).await {
                is_copied.set(true);
                set_timeout(move || is_copied.set(false), Duration::from_secs(2));
            }
        });
    };
    view! {
        <button
            class="button ghost icon-only small copy"
            type="button"
            aria-label=move || if is_copied.get() { "Copied".to_owned() } else { label.clone() }
            data-copied=move || is_copied.get().then_some("true")
            on:click=on_click
        >
            {move || view! { <Icon glyph=if is_copied.get() { Glyph::Check } else { Glyph::Copy }/> }}
        </button>
    }
}
