use leptos::{ev, prelude::*};

use super::{Glyph, Icon, browser};

/// Something looked at closely, at the side of the page that it is from. It is
/// open as the page arrives, and closing it is an address of its own.
#[component]
pub fn Drawer(
    #[prop(into)] title: String,
    /// The page without it.
    #[prop(into)]
    close: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="scrim" href=close.clone() tabindex="-1" aria-hidden="true"></a>
        <dialog class="drawer" open aria-labelledby="drawer-title">
            <div class="dialog-head">
                <h2 id="drawer-title">{title}</h2>
                <a class="button ghost icon-only small" href=close.clone() aria-label="Close" autofocus><Icon glyph=Glyph::X/></a>
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
        <LeaveOnEscape path=close/>
    }
}

#[island]
fn LeaveOnEscape(path: String) -> impl IntoView {
    let listening = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            browser::go(&path);
        }
    });
    on_cleanup(move || listening.remove());
}
