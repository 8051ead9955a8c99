//! What only whoever sits at this machine may do.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, StatusCode,
    header::{HOST, ORIGIN},
};

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
    host.is_some_and(is_local)
}

/// Whether a host, with its port or without, is this machine.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// Another site's page may link here, but neither read nor change anything.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let says = |name: &str, word: &str| headers.get(name).is_some_and(|value| value == word);
    let is_read = says("sec-fetch-site", "cross-site") && !says("sec-fetch-mode", "navigate");
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let is_written = origin.is_some_and(|origin| {
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        !is_local(host)
    });
    is_read || is_written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, http::HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn only_this_machine_is_here() {
        for host in ["127.0.0.1:3010", "localhost", "[::1]", "[::1]:3010"] {
            assert!(is_here(&headers(&[("host", host)])), "{host}");
        }
        for host in ["evil.example:3010", "127.0.0.1.evil.example", ""] {
            assert!(!is_here(&headers(&[("host", host)])), "{host}");
        }
    }

    #[test]
    fn another_site_may_only_link_here() {
        let (site, mode) = (("sec-fetch-site", "cross-site"), "sec-fetch-mode");
        assert!(!is_from_elsewhere(&headers(&[site, (mode, "navigate")])));
        assert!(is_from_elsewhere(&headers(&[site, (mode, "no-cors")])));
        assert!(is_from_elsewhere(&headers(&[(
            "origin",
            "https://evil.example"
        )])));
        assert!(is_from_elsewhere(&headers(&[("origin", "null")])));
        assert!(!is_from_elsewhere(&headers(&[(
            "origin",
            "http://127.0.0.1:3010"
        )])));
    }
}
