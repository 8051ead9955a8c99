use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::flash::Flash;

/// For how long a toast stays.
const STAYS: Duration = Duration::from_secs(5);

/// Where toasts appear; with the one that an earlier answer left.
#[component]
pub fn Toasts() -> impl IntoView {
    let toast = use_context::<Flash>().and_then(|flash| flash.toast);
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {toast.map(|toast| view! { <PassingToast words=toast.words().to_owned()/> })}
        </div>
    }
}

#[island]
fn PassingToast(words: String) -> impl IntoView {
    let is_shown = RwSignal::new(true);
    Effect::new(move || set_timeout(move || is_shown.set(false), STAYS));
    view! {
        <Show when=move || is_shown.get()>
            <div class="toast success">
                <Icon glyph=Glyph::CircleCheck/>
                <p>{words.clone()}</p>
                <button
                    class="button ghost icon-only small"
                    type="button"
                    aria-label="Dismiss"
                    on:click=move |_| is_shown.set(false)
                >
                    <Icon glyph=Glyph::X/>
                </button>
            </div>
        </Show>
    }
}
