//! What is drawn as a whole by one function, on the server and in the browser.
//!
//! A view of Leptos knows when it is compiled what it is made of, and has for
//! each of its elements code that builds it, that adopts it and that changes it.
//! That suits what moves in a few places. For a dashboard, all of which moves, it
//! made the browser load 90 KB more, compressed. Here what is drawn is data: the
//! server writes it out, and the browser compares it with what it drew before
//! and changes what differs.

mod patch;
mod write;

pub use patch::Part;

/// An element, with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    tag: &'static str,
    /// One without a value isn't there.
    attributes: Vec<(&'static str, Option<String>)>,
    children: Vec<Drawn>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Drawn {
    Element(Element),
    Text(String),
}

/// An element of that tag and class; of none, if that is empty.
#[must_use]
pub fn el(tag: &'static str, class: &'static str) -> Element {
    let element = Element {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    };
    if class.is_empty() {
        element
    } else {
        element.attr("class", class)
    }
}

impl Element {
    #[must_use]
    pub fn attr(self, name: &'static str, value: &str) -> Self {
        self.maybe(name, Some(value.to_owned()))
    }

    /// An attribute that may not be there.
    #[must_use]
    pub fn maybe(mut self, name: &'static str, value: Option<String>) -> Self {
        self.attributes.push((name, value));
        self
    }

    /// Goes on with a text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        // Two texts side by side arrive as one.
        if let Some(Drawn::Text(before)) = self.children.last_mut() {
            before.push_str(text);
        } else {
            self.children.push(Drawn::Text(text.to_owned()));
        }
        self
    }

    #[must_use]
    pub fn child(self, child: Element) -> Self {
        self.children(vec![child])
    }

    #[must_use]
    pub fn children(mut self, children: Vec<Element>) -> Self {
        for child in children {
            self.children.push(Drawn::Element(child));
        }
        self
    }
}
