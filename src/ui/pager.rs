use leptos::prelude::*;

/// The ways from a page of a list to those beside it; nothing if it is alone.
#[component]
pub fn Pager(newer: Option<String>, older: Option<String>) -> impl IntoView {
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <a class="button small" aria-disabled=newer.is_none().then_some("true") href=newer rel="prev">"Newer"</a>
                <a class="button small" aria-disabled=older.is_none().then_some("true") href=older rel="next">"Older"</a>
            </nav>
        }
    })
}
