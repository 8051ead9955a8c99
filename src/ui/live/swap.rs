//! Parts of the page that are made anew by the server, and put in place.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Event, EventInit, FocusOptions, Headers, HtmlElement,
    HtmlInputElement, RequestInit, Response, SupportedType,
};

use crate::ui::{browser, time};

thread_local! {
    /// Counts how often the page was asked for.
    static ASKED: Cell<u32> = const { Cell::new(0) };
    /// The newest of these whose answer is shown.
    static SHOWN: Cell<u32> = const { Cell::new(0) };
}

/// Asks for the page anew and replaces those of its parts (`data-part="NAME"`)
/// that have changed. A part that either page doesn't have is left as it is, and
/// so is the focus. Returns whether there was such a page: if not, nothing was
/// done.
pub async fn swap(names: &[&str]) -> bool {
    loop {
        let number = ASKED.get().wrapping_add(1);
        ASKED.set(number);
        let Ok(Some(page)) = page().await else {
            return false;
        };
        // One who asked later was answered sooner: this is out of date.
        if SHOWN.get() <= number {
            SHOWN.set(number);
            for name in names {
                let _left_as_it_is = replace(&format!("[data-part=\"{name}\"]"), &page);
            }
            time::localise();
            return true;
        }
    }
}

/// The page as the server makes it now; none if it leads elsewhere.
async fn page() -> Result<Option<Document>, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    let answer = window().fetch_with_str_and_init(&browser::here(), &init);
    let answer: Response = JsFuture::from(answer).await?.dyn_into()?;
    if !answer.ok() || answer.redirected() {
        return Ok(None);
    }
    let text = JsFuture::from(answer.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    Ok(Some(page))
}

fn replace(part: &str, page: &Document) -> Result<(), JsValue> {
    if let Some(old) = document().query_selector(part)?
        && let Some(new) = page.query_selector(part)?
        && as_sent(&old)? != as_sent(&new)?
        && !is_in_use(&old)?
    {
        let focused = focused_in(&old);
        old.replace_with_with_node_1(&new)?;
        new.dispatch_event(&woken()?)?;
        if let Some(focused) = focused
            && let Some(element) = new.query_selector(&focused)?
        {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            element
                .dyn_into::<HtmlElement>()?
                .focus_with_options(&options)?;
        }
    }
    Ok(())
}

/// Whether the reader is at something in it: a dialog is open, or a file chosen.
fn is_in_use(part: &Element) -> Result<bool, JsValue> {
    let file = part.query_selector("input[type=file]")?;
    let file = file.and_then(|file| file.dyn_into::<HtmlInputElement>().ok());
    let is_chosen = file.is_some_and(|file| !file.value().is_empty());
    Ok(is_chosen || part.query_selector("dialog[open]")?.is_some())
}

/// Tells whoever wakes islands that there may be some in what has come in.
fn woken() -> Result<Event, JsValue> {
    let init = EventInit::new();
    init.set_bubbles(true);
    Event::new_with_event_init_dict("wake", &init)
}

/// The part as the server wrote it: the zone of the reader, in which this page
/// says its times, makes no difference.
fn as_sent(part: &Element) -> Result<String, JsValue> {
    let part: Element = part.clone_node_with_deep(true)?.dyn_into()?;
    let times = part.query_selector_all("time[datetime]")?;
    for place in 0..times.length() {
        if let Some(time) = times.item(place)
            && let Ok(time) = time.dyn_into::<Element>()
        {
            time.remove_attribute("title")?;
        }
    }
    Ok(part.outer_html())
}

/// What finds the element that has the focus, in a part that was made anew.
fn focused_in(part: &Element) -> Option<String> {
    let focused = document().active_element()?;
    if !part.contains(Some(&focused)) {
        return None;
    }
    let id = focused.id();
    if id.is_empty() {
        let path = focused.get_attribute("href")?;
        Some(format!("a[href=\"{path}\"]"))
    } else {
        Some(format!("[id=\"{id}\"]"))
    }
}
