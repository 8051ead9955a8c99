//! How a page that has arrived wakes up.
//!
//! Leptos' own `HydrationScripts` reads a file for each page, panics without
//! it, and writes the nonce where a style sheet could read it.

use std::sync::LazyLock;

use leptos::{nonce::use_nonce, prelude::*};

use crate::ui::page::PageRequest;

/// Without what is for those who read it here.
static WAKE: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("wake.js").lines().map(str::trim);
    let code: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
    code.join("\n")
});

/// Loads the style, and then what the islands are made of.
#[component]
pub fn Wake() -> impl IntoView {
    let built = PageRequest::current().built;
    // Outside of islands nothing is hydrated, so nothing is left for it.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let wake = format!("{}({:?}, {:?})", *WAKE, built.script, built.module);
    view! {
        <link rel="modulepreload" href=built.script.clone()/>
        <link rel="preload" href=built.module.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=use_nonce()>{wake}</script>
    }
}
