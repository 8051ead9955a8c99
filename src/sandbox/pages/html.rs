//! HTML by hand: what comes from outside is escaped, and every page has the
//! same frame.

use axum::response::{Html, IntoResponse, Redirect, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
};

use super::style::STYLE;
use crate::sandbox::refusal::Refusal;

/// No scripts, nothing from elsewhere, and in nobody's frame. Forms may lead
/// on to any site, since that is where a payment leads.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Text, safe within an element and within a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A page with a title, which is its heading too.
#[must_use]
pub fn page(title: &str, body: &str) -> Response {
    framed(title, "", body)
}

/// A page with room for tables.
#[must_use]
pub fn wide_page(title: &str, body: &str) -> Response {
    framed(title, " class=\"wide\"", body)
}

fn framed(title: &str, class: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Sandbox</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <main{class}>\n<p class=\"badge\">Sandbox – no money moves</p>\n<h1>{title}</h1>\n\
         {body}\n</main>\n</body>\n</html>\n"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// A page for what isn't there.
#[must_use]
pub fn nothing_here() -> Response {
    let page = page(
        "Nothing here",
        "<section><p>There is no such page, or no longer.</p></section>",
    );
    (StatusCode::NOT_FOUND, page).into_response()
}

/// Leads on to another page, which is read anew.
#[must_use]
pub fn lead_to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// What went wrong, for whoever looks or listens.
#[must_use]
pub fn alert(refusal: Option<&Refusal>) -> String {
    refusal.map_or_else(String::new, |refusal| {
        format!(
            "<p class=\"alert\" role=\"alert\">{}</p>",
            escape(&refusal.message)
        )
    })
}

/// The way back, where there is one.
#[must_use]
pub fn way_back(address: Option<&str>) -> String {
    address
        .filter(|address| is_web(address))
        .map_or_else(String::new, |address| {
            format!("<p><a href=\"{}\">Back to Atrium</a></p>", escape(address))
        })
}

/// Whether a link may lead there: not to a script, say.
#[must_use]
pub fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// A form that is one button.
#[must_use]
pub fn button(action: &str, words: &str, class: &str, hidden: Option<(&str, &str)>) -> String {
    let hidden = hidden.map_or_else(String::new, |(name, value)| {
        format!(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        )
    });
    format!(
        "<form method=\"post\" action=\"{}\">{hidden}<button class=\"{class}\">{}</button></form>",
        escape(action),
        escape(words)
    )
}

/// An amount for people: `$29.00`, `29.00 EUR`.
#[must_use]
pub fn money(cents: i64, currency: &str) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    if currency == "usd" {
        format!("{sign}${amount}")
    } else {
        format!("{sign}{amount} {}", currency.to_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_text() {
        assert_eq!(
            escape("<a b=\"c\">&'"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;"
        );
        assert_eq!(way_back(Some("javascript:alert(1)")), "");
        assert_eq!(way_back(None), "");
    }

    #[test]
    fn amounts_are_written_in_their_currency() {
        assert_eq!(money(2_905, "usd"), "$29.05");
        assert_eq!(money(-2_900, "usd"), "−$29.00");
        assert_eq!(money(5, "eur"), "0.05 EUR");
    }
}
