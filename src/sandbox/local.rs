//! What only whoever sits at this machine may do.

use axum::response::IntoResponse;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, StatusCode, header::HOST};

/// Whoever asks for another host, or comes from another site, finds nothing.
pub async fn only_here(request: Request, next: Next) -> Response {
    if is_here(request.headers()) && !is_from_elsewhere(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

fn is_here(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let name = host.map_or("", |host| {
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    });
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site")
        && headers
            .get("sec-fetch-mode")
            .is_none_or(|mode| mode != "navigate")
        || headers
            .get("origin")
            .and_then(|origin| origin.to_str().ok())
            .is_some_and(|origin| !is_local_origin(origin))
}

fn is_local_origin(origin: &str) -> bool {
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
