//! How the program says no outside of a page or a server function: a short
//! page for people, a problem document (RFC 9457) for programs.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use uuid::Uuid;

use crate::{
    error::AppError,
    server::{problem, request::RequestInfo},
};

/// Whatever is asked for below an address that has nothing of the kind.
pub async fn no_such_address(request: Request) -> Response {
    let id = request.extensions().get().map(|info: &RequestInfo| info.id);
    refusal(&AppError::NotFound, id, wants_page(request.headers()))
}

/// Whether a page is wanted, as a browser does that goes to an address.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The answer to a request that failed before anything could be rendered.
#[must_use]
pub fn refusal(error: &AppError, request: Option<Uuid>, as_page: bool) -> Response {
    if !as_page {
        return problem::answer(error, request);
    }
    let status = problem::status(error);
    let mut response = (
        status,
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        page(error, status, request),
    )
        .into_response();
    problem::say_when(error, response.headers_mut());
    response
}

/// Needs no style sheet and no script, since either may be what failed.
fn page(error: &AppError, status: StatusCode, request: Option<Uuid>) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    let request = request
        .map(|id| format!("<p><small>Request id <code>{id}</code></small></p>"))
        .unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · Atrium</title></head><body><main><h1>{title}</h1><p>{}</p>{request}\
         <p><a href=\"/\">Go to the start page</a></p></main></body></html>",
        error.words()
    )
}
