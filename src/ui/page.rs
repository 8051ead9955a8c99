//! What a page knows of its request, and what it may say of its answer. The
//! server provides both; in the browser there is neither.

use std::sync::Arc;

use leptos::prelude::*;
use uuid::Uuid;

use crate::{id::OrgSlug, theme::Theme};

#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    pub id: Option<Uuid>,
    pub theme: Theme,
    pub is_sidebar_collapsed: bool,
    pub is_development: bool,
    /// What the address asks for, decoded once. (The router's own map decodes
    /// it twice, and makes a space of `%2520`.)
    pub query: Vec<(String, String)>,
    /// Host and port under which people reach the program.
    pub app_host: String,
    /// The organization whose own host was asked, if it was one's.
    pub tenant: Option<OrgSlug>,
    /// Begins the address of whatever isn't the organization's own, at its own
    /// host; empty elsewhere.
    pub elsewhere: String,
    pub built: Arc<Built>,
}

/// The addresses of what was built for browsers.
#[derive(Clone, Debug, Default)]
pub struct Built {
    pub style: String,
    pub script: String,
    /// The WebAssembly that the script loads.
    pub module: String,
}

impl PageRequest {
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The whole query as it stands in an address, with its question mark.
    #[must_use]
    pub fn query_string() -> String {
        let pairs = Self::current().query;
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        if pairs.is_empty() {
            pairs
        } else {
            format!("?{pairs}")
        }
    }

    /// A value of the query.
    #[must_use]
    pub fn query(name: &str) -> Option<String> {
        Self::current()
            .query
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

type Say<T> = Arc<dyn Fn(T) + Send + Sync>;

#[derive(Clone)]
pub struct PageAnswer {
    status: Say<u16>,
    nonce: Arc<dyn Fn(&str) + Send + Sync>,
    organization: Arc<dyn Fn(&OrgSlug) + Send + Sync>,
    onward: Arc<dyn Fn(&str) + Send + Sync>,
}

impl PageAnswer {
    pub fn new(
        status: impl Fn(u16) + Send + Sync + 'static,
        nonce: impl Fn(&str) + Send + Sync + 'static,
        organization: impl Fn(&OrgSlug) + Send + Sync + 'static,
        onward: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            status: Arc::new(status),
            nonce: Arc::new(nonce),
            organization: Arc::new(organization),
            onward: Arc::new(onward),
        }
    }

    /// Redirects to a path of this site, whatever the client says it accepts:
    /// the router's own redirect answers 200 to whoever doesn't ask for HTML.
    pub fn onward(path: &str) {
        if let Some(answer) = use_context::<Self>() {
            (answer.onward)(path);
        }
    }

    /// Sets the status of the page.
    pub fn status(status: u16) {
        if let Some(answer) = use_context::<Self>() {
            (answer.status)(status);
        }
    }

    /// Allows the scripts that carry this nonce, and no others.
    pub fn allow_scripts(nonce: &str) {
        if let Some(answer) = use_context::<Self>() {
            (answer.nonce)(nonce);
        }
    }

    /// Remembers which organization was used last.
    pub fn remember(organization: &OrgSlug) {
        if let Some(answer) = use_context::<Self>() {
            (answer.organization)(organization);
        }
    }
}

/// Percent-encodes what doesn't stand for itself in a query.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => {
                encoded.push('%');
                encoded.push_str(&format!("{byte:02X}"));
            }
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_kept_whole() {
        assert_eq!(
            encoded("/app/acme?q=a b&x=ä"),
            "/app/acme%3Fq%3Da%20b%26x%3D%C3%A4"
        );
    }
}
