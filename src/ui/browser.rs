//! The few things that islands ask of the browser itself.

use leptos::{ev, prelude::*};
use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    EventTarget, FormData, Headers, HtmlFormElement, HtmlInputElement, RequestInit, Response,
    UrlSearchParams,
};

/// What came of a form that was posted.
#[derive(Debug)]
pub enum Posted {
    /// Go on to that address.
    Go(String),
    /// It was taken; the page shows something older now.
    Stale,
    SignedOut,
    Refused(Refusal),
    /// Nothing came back.
    Unreachable,
}

/// Why something was refused, in the words of the server: what an error means
/// to people is said in one place, and that isn't here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refusal {
    /// For the form as a whole.
    pub message: Option<String>,
    /// Per field, by name.
    pub fields: Vec<(String, String)>,
}

impl Refusal {
    #[must_use]
    pub fn unreachable() -> Self {
        let message =
            "We can't be reached just now. Check your connection and try again.".to_owned();
        Self {
            message: Some(message),
            fields: Vec::new(),
        }
    }
}

/// Posts a form as the browser would, but asks for data and not for a page.
pub async fn post_form(action: &str, form: &HtmlFormElement) -> Posted {
    match try_post(action, form).await {
        Ok(posted) => posted,
        Err(_) => Posted::Unreachable,
    }
}

async fn try_post(action: &str, form: &HtmlFormElement) -> Result<Posted, JsValue> {
    let data = FormData::new_with_form(form)?;
    let response = if form.enctype() == "multipart/form-data" {
        fetch(action, data.as_ref()).await?
    } else {
        fetch(
            action,
            UrlSearchParams::new_with_str_sequence_sequence(&data)?.as_ref(),
        )
        .await?
    };
    if response.ok() {
        return Ok(response
            .headers()
            .get("location")?
            .map_or(Posted::Stale, Posted::Go));
    }
    if response.status() == 401 {
        return Ok(Posted::SignedOut);
    }
    let text = text(&response).await?;
    Ok(serde_json::from_str(&text).map_or(Posted::Unreachable, Posted::Refused))
}

/// Calls a server function by its address and reads the result.
pub async fn call<T: DeserializeOwned>(path: &str, arguments: &[(&str, &str)]) -> Option<T> {
    serde_json::from_str(&ask(path, arguments).await?).ok()
}

/// Calls a server function by its address, and gives the result as JSON.
pub async fn ask(path: &str, arguments: &[(&str, &str)]) -> Option<String> {
    let body = UrlSearchParams::new().ok()?;
    for (name, value) in arguments {
        body.append(name, value);
    }
    let response = fetch(path, body.as_ref()).await.ok()?;
    let text = text(&response).await.ok()?;
    response.ok().then_some(text)
}

async fn fetch(path: &str, body: &JsValue) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    init.set_headers(&headers);
    JsFuture::from(window().fetch_with_str_and_init(path, &init))
        .await?
        .dyn_into()
}

async fn text(response: &Response) -> Result<String, JsValue> {
    Ok(JsFuture::from(response.text()?)
        .await?
        .as_string()
        .unwrap_or_default())
}

/// Goes to an address of this site.
pub fn go(path: &str) {
    // A browser that refuses stays where it is, and so may we.
    let _refused = window().location().assign(path);
}

pub fn reload() {
    let _refused = window().location().reload();
}

/// Path and query of the page.
#[must_use]
pub fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

pub fn set_cookie(cookie: &str) {
    if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
        let _refused = document.set_cookie(cookie);
    }
}

/// Sets an attribute of the page's root, or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _refused = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Copies a text to the clipboard.
pub async fn copy(text: &str) -> bool {
    let Some(clipboard) = clipboard() else {
        return false;
    };
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// There is none on a page that wasn't loaded safely.
fn clipboard() -> Option<web_sys::Clipboard> {
    let navigator = window().navigator();
    js_sys::Reflect::get(&navigator, &"clipboard".into())
        .ok()?
        .dyn_into()
        .ok()
}

/// Listens to events at something, or in it, for as long as the page is there.
pub fn listen(at: &EventTarget, events: &[&str], hear: impl Fn(web_sys::Event) + 'static) {
    let hear = Closure::<dyn Fn(web_sys::Event)>::new(hear);
    let hear = hear.into_js_value();
    for event in events {
        let _refused = at.add_event_listener_with_callback(event, hear.unchecked_ref());
    }
}

/// Opens a dialog of the page.
pub fn show_dialog(id: &str) {
    if let Some(dialog) = dialog(id)
        && !dialog.open()
    {
        let _refused = dialog.show_modal();
    }
}

pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

fn dialog(id: &str) -> Option<web_sys::HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Focuses the first element that a selector finds; tells whether there is one.
pub fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    element.focus().is_ok()
}

/// Selects all that stands in a field, so that typing replaces it.
pub fn select_all(event: &ev::FocusEvent) {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.select();
    }
}
