use leptos::prelude::*;

use super::{Glyph, Icon, browser};

/// Folds the sidebar to its icons and back, and remembers it.
#[island]
pub fn SidebarToggle(is_collapsed: bool) -> impl IntoView {
    let collapsed = RwSignal::new(is_collapsed);
    let on_click = move |_| {
        collapsed.update(|collapsed| *collapsed = !*collapsed);
        let state = collapsed.get_untracked().then_some("collapsed");
        browser::set_root_attribute("data-sidebar", state);
        let name = state.unwrap_or("open");
        browser::set_cookie(&format!(
            "sidebar={name}; Path=/; Max-Age=31536000; SameSite=Lax"
        ));
    };
    view! {
        <button
            class="button ghost icon-only only-desktop"
            type="button"
            aria-label="Toggle sidebar"
            aria-pressed=move || collapsed.get().to_string()
            data-tip="Toggle sidebar"
            on:click=on_click
        >
            <Icon glyph=Glyph::PanelLeft/>
        </button>
    }
}
