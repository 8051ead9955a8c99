//! The outer wall: what every request passes on its way in, and every answer
//! on its way out.

use std::{any::Any, time::Instant};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{
        AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, Entry, HOST,
        ORIGIN, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use tracing::Instrument;
use uuid::Uuid;

use super::refusal::{refusal, wants_page};
use crate::{
    error::AppError,
    server::{host::BaseDomain, request::RequestInfo, services::Services, telemetry},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// For what isn't a page: nothing in it may run, load or be framed.
const CLOSED_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// When to come back, in seconds, once something was out of reach.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// Gives the request an id, which its answer and all its log lines carry.
pub async fn identify(State(services): State<Services>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let info = RequestInfo::of(&parts, &services.config);
    // Of the highest level, so that any line that is logged has it.
    let path = without_secret(parts.uri.path());
    let span = tracing::error_span!("request", id = %info.id, method = %parts.method, path);
    let id = HeaderValue::from_str(&info.id.to_string()).ok();
    let traced = telemetry::request_span(info.id, &parts.method, path);
    parts.extensions.insert(info);
    parts.extensions.insert(services);
    let begun = Instant::now();
    let answered = traced.clone();
    async move {
        let mut response = next.run(Request::from_parts(parts, body)).await;
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        answered.record("http.response.status_code", status);
        tracing::info!(status, took_ms = took.as_secs_f64() * 1e3, "answered");
        metrics::histogram!("http_request_duration_seconds", "status" => status.to_string())
            .record(took);
        if let Some(id) = id {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(traced)
    .instrument(span)
    .await
}

/// The path as it may be logged: what follows in it is worth a seat.
fn without_secret(path: &str) -> &str {
    const INVITATIONS: &str = "/invitations/";
    if path.starts_with(INVITATIONS) {
        INVITATIONS
    } else {
        path
    }
}

/// Adds the headers that tell a browser what to refuse on our behalf. A page
/// brings a policy of its own, with the nonce of its scripts.
pub async fn harden(State(services): State<Services>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("x-frame-options"),
        HeaderValue::from_static("DENY"),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(CLOSED_POLICY);
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if services.config.app_url().is_https() {
        secure_cookies(headers);
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    response
}

/// A browser refuses a cookie that is bound to its host and not `Secure`, also
/// where it is only taken away, which libraries forget.
fn secure_cookies(headers: &mut HeaderMap) {
    let Entry::Occupied(mut cookies) = headers.entry(SET_COOKIE) else {
        return;
    };
    for cookie in cookies.iter_mut() {
        let text = cookie.to_str().unwrap_or_default();
        if !text.contains("; Secure")
            && let Ok(secure) = HeaderValue::from_str(&format!("{text}; Secure"))
        {
            *cookie = secure;
        }
    }
}

/// Refuses what another site makes a browser send.
pub async fn same_origin(
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    );
    let config = &services.config;
    let base = config.base_domain.as_ref();
    if safe || is_our_own(request.headers(), config.app_url().origin(), base) {
        return next.run(request).await;
    }
    let id = request
        .extensions()
        .get::<RequestInfo>()
        .map(|info| info.id);
    refusal(&AppError::ForeignOrigin, id, wants_page(request.headers()))
}

/// By what only a browser can say; a request that says nothing of the kind is
/// no browser's, and is refused only if it carries a cookie.
fn is_our_own(headers: &HeaderMap, app_origin: &str, base: Option<&BaseDomain>) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match headers.get(ORIGIN) {
        Some(origin) => {
            let origin = origin.to_str().unwrap_or_default();
            let host = origin
                .parse::<Uri>()
                .ok()
                .and_then(|uri| uri.authority().map(ToString::to_string));
            let is_host = host.is_some() && host.as_deref() == text(&HOST);
            let is_tenants = |host: &str| base.is_some_and(|base| base.has(host));
            let is_safe = !app_origin.starts_with("https:")
                || (origin.starts_with("https:") && host.as_deref().is_some_and(is_tenants));
            origin == app_origin || (is_host && is_safe)
        }
        // A key stands in no cookie, and no other site makes a browser send it.
        None => !headers.contains_key(COOKIE) || headers.contains_key(AUTHORIZATION),
    }
}

/// What a layer below couldn't say for lack of the request.
#[derive(Clone, Debug)]
struct Fault(AppError);

/// Turns a fault of the layers below, which say no more than its status, into
/// an answer that one can do something with.
pub async fn explain_faults(request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestInfo>()
        .map(|info| info.id);
    let as_page = wants_page(request.headers());
    // What a proxy is asked for has no path, and the layers below count on one.
    if request.method() == Method::CONNECT || !request.uri().path().starts_with('/') {
        return refusal(&AppError::MethodNotAllowed, id, as_page);
    }
    let mut response = explained(next.run(request).await, id, as_page);
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(RETRY_AFTER).or_insert(SOON);
    }
    response
}

fn explained(response: Response, id: Option<Uuid>, as_page: bool) -> Response {
    if let Some(Fault(error)) = response.extensions().get() {
        return refusal(error, id, as_page);
    }
    let has_type = response.headers().contains_key(CONTENT_TYPE);
    match response.status() {
        // A session that can't be read: the database is out of reach.
        StatusCode::INTERNAL_SERVER_ERROR if !has_type => {
            refusal(&AppError::Unavailable, id, as_page)
        }
        StatusCode::REQUEST_TIMEOUT if !has_type => refusal(&AppError::Unavailable, id, as_page),
        StatusCode::PAYLOAD_TOO_LARGE if !is_explained(&response) => {
            refusal(&AppError::TooLarge, id, as_page)
        }
        StatusCode::METHOD_NOT_ALLOWED if !has_type => {
            let mut refused = refusal(&AppError::MethodNotAllowed, id, as_page);
            refused.headers_mut().extend(response.headers().clone());
            refused
        }
        _ => response,
    }
}

/// Libraries say it in plain text, the API as a problem.
fn is_explained(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind == "application/problem+json")
}

/// A panic is a fault like any other: a reference outside, the rest in the log.
#[must_use]
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default();
    let error = AppError::internal(&std::io::Error::other(format!("panic: {message}")));
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Fault(error));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        let app = "http://127.0.0.1:3000";
        assert!(!is_our_own(
            &headers(&[
                ("origin", "http://atrium.example"),
                ("host", "atrium.example")
            ]),
            "https://atrium.example",
            None
        ));
        assert!(is_our_own(
            &headers(&[("origin", "https://atrium.example")]),
            "https://atrium.example",
            None
        ));
        for (sent, ours) in [
            (headers(&[("sec-fetch-site", "same-origin")]), true),
            (headers(&[("sec-fetch-site", "same-site")]), false),
            (
                headers(&[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://atrium.example"),
                ]),
                false,
            ),
            (headers(&[("sec-fetch-site", "none")]), false),
            (headers(&[("origin", "http://127.0.0.1:3000")]), true),
            (
                headers(&[
                    ("origin", "http://127.0.0.1:3000"),
                    ("host", "127.0.0.1:3000"),
                ]),
                true,
            ),
            (
                headers(&[
                    ("origin", "https://evil.example"),
                    ("host", "atrium.example"),
                ]),
                false,
            ),
            (
                headers(&[("origin", "null"), ("host", "atrium.example")]),
                false,
            ),
            (headers(&[("cookie", "session=1")]), false),
            (headers(&[]), true),
        ] {
            assert_eq!(is_our_own(&sent, app, None), ours, "{sent:?}");
        }
    }

    #[test]
    fn the_hosts_of_organizations_are_our_own_too() {
        let base: BaseDomain = "atrium.example".parse().expect("is one");
        for (origin, host, ours) in [
            ("https://acme.atrium.example", "acme.atrium.example", true),
            ("https://other.atrium.example", "acme.atrium.example", false),
            ("http://acme.atrium.example", "acme.atrium.example", false),
            ("https://evil.example", "evil.example", false),
        ] {
            let sent = headers(&[("origin", origin), ("host", host)]);
            let found = is_our_own(&sent, "https://atrium.example", Some(&base));
            assert_eq!(found, ours, "{origin} at {host}");
        }
    }
}
