//! What server rendering doesn't escape by itself.
//!
//! Leptos writes the text of a `<textarea>` and of a `<title>` as it is, since
//! neither holds elements; but a text with their end tag in it ends them.

use leptos::prelude::*;

/// Text for where markup is expected.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The title of a page.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    view! { <leptos_meta::Title text=escaped(&text)/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_tag_ends_nothing() {
        assert_eq!(
            escaped("</title><script> & co"),
            "&lt;/title&gt;&lt;script&gt; &amp; co"
        );
    }
}
