use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Node};

use super::{Drawn, Element};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A part of the page, and as what it was drawn.
pub struct Part {
    /// Of the element around it.
    id: String,
    drawn: Element,
}

impl Part {
    /// A part that is shown like that already, as the server drew it.
    #[must_use]
    pub fn shown(id: String, drawn: Element) -> Self {
        Self { id, drawn }
    }

    /// Has it show what is drawn now. What is the same in both is left alone, and
    /// so keeps its focus.
    pub fn show(&mut self, now: Element) {
        let around = document().get_element_by_id(&self.id);
        // Between them may be an element of Leptos's own.
        let shown = around.and_then(|around| {
            let path = format!("#{} {}", self.id, self.drawn.tag);
            around.query_selector(&path).ok().flatten()
        });
        if let Some(shown) = shown
            && self.drawn != now
        {
            // The browser refuses none of this.
            let _refused = change(&shown, &self.drawn, &now);
            self.drawn = now;
        }
    }
}

fn change(shown: &web_sys::Element, before: &Element, now: &Element) -> Result<(), JsValue> {
    for (place, (name, value)) in now.attributes.iter().enumerate() {
        let was = before.attributes.get(place);
        if was.is_none_or(|(known, was)| known != name || was != value) {
            set(shown, name, value.as_deref())?;
        }
    }
    let mut node = next_drawn(shown.first_child());
    let mut old = before.children.iter();
    for child in &now.children {
        let was = old.next();
        let next = node.as_ref().and_then(Node::next_sibling);
        match (node, was, child) {
            (Some(node), Some(Drawn::Text(was)), Drawn::Text(text)) => {
                if was != text {
                    node.set_node_value(Some(text));
                }
            }
            (Some(node), Some(Drawn::Element(was)), Drawn::Element(element))
                if is_alike(was, element) =>
            {
                if let Some(shown) = node.dyn_ref::<web_sys::Element>()
                    && was != element
                {
                    change(shown, was, element)?;
                }
            }
            (Some(node), _, child) => {
                shown.replace_child(&made(child, shown)?, &node)?;
            }
            (None, _, child) => {
                shown.append_child(&made(child, shown)?)?;
            }
        }
        node = next_drawn(next);
    }
    while let Some(rest) = node {
        node = next_drawn(rest.next_sibling());
        shown.remove_child(&rest)?;
    }
    Ok(())
}

/// Whether one can become the other by having it changed.
fn is_alike(before: &Element, now: &Element) -> bool {
    let names = |element: &Element| element.attributes.len();
    before.tag == now.tag && names(before) == names(now)
}

/// What the server wrote has marks in it, which are comments.
fn next_drawn(mut node: Option<Node>) -> Option<Node> {
    while let Some(mark) = node.as_ref()
        && mark.node_type() == Node::COMMENT_NODE
    {
        node = mark.next_sibling();
    }
    node
}

fn made(drawn: &Drawn, parent: &web_sys::Element) -> Result<Node, JsValue> {
    let element = match drawn {
        Drawn::Text(text) => return Ok(document().create_text_node(text).into()),
        Drawn::Element(element) => element,
    };
    let space = parent.namespace_uri();
    let space = if element.tag == "svg" {
        Some(SVG)
    } else {
        space.as_deref()
    };
    let shown = document().create_element_ns(space, element.tag)?;
    for (name, value) in &element.attributes {
        set(&shown, name, value.as_deref())?;
    }
    for child in &element.children {
        shown.append_child(&made(child, &shown)?)?;
    }
    Ok(shown.into())
}

/// Pages may not have styles written into them, but scripts may set them.
fn set(shown: &web_sys::Element, name: &str, value: Option<&str>) -> Result<(), JsValue> {
    if let Some(property) = name.strip_prefix("style:") {
        let element: &HtmlElement = shown.unchecked_ref();
        return element
            .style()
            .set_property(property, value.unwrap_or_default());
    }
    match value {
        Some(value) => shown.set_attribute(name, value),
        None => shown.remove_attribute(name),
    }
}
