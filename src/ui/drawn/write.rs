use leptos::{
    prelude::*,
    tachys::html::{
        attribute::{
            any_attribute::{AnyAttribute, IntoAnyAttribute},
            custom::custom_attribute,
        },
        element::custom,
    },
};

use super::{Drawn, Element};

impl Element {
    /// For a page, as the server writes it.
    #[must_use]
    pub fn into_view(self) -> AnyView {
        let attributes = self.attributes.into_iter();
        let attributes: Vec<AnyAttribute> = attributes
            .filter_map(|(name, value)| Some(custom_attribute(name, value?).into_any_attr()))
            .collect();
        let children = self.children.into_iter().map(|child| match child {
            Drawn::Element(element) => element.into_view(),
            Drawn::Text(text) => text.into_any(),
        });
        let children: Vec<AnyView> = children.collect();
        custom(self.tag)
            .child(children)
            .add_any_attr(attributes)
            .into_any()
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::ui::drawn::el;

    #[test]
    fn what_users_wrote_stays_text() {
        let hostile = "<script>\"&'</script>";
        let drawn = el("p", "name")
            .attr("title", hostile)
            .maybe("hidden", None)
            .text(hostile)
            .text("!")
            .child(el("path", "").attr("d", "M0 0"));
        let html = drawn.into_view().to_html();
        assert!(html.starts_with("<p class=\"name\" title=\""), "{html}");
        assert!(
            !html.contains("<script>") && !html.contains("hidden"),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains("<path d=\"M0 0\">"), "{html}");
    }
}
