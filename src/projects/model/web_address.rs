//! Addresses of the web, which become links.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::Problem;

/// The longest address of what was deployed, in characters.
pub const URL_MAX: usize = 2000;

/// A name or an address of a machine, and the port if one is said.
fn is_host(text: &str) -> bool {
    let (is_name, rest) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((address, rest)) => (address.parse::<Ipv6Addr>().is_ok(), rest),
        None => {
            let (name, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
            (is_machine(name), rest)
        }
    };
    let is_port = |port: &str| {
        port.bytes().all(|c| c.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    is_name && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// Four numbers, or labels of letters and digits; at the end may be a dot.
fn is_machine(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || b"-_".contains(&c);
    let is_label = |label: &str| {
        label.bytes().all(is_plain)
            && label.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let is_number = name
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|c| c.is_ascii_digit()));
    if is_number {
        name.parse::<Ipv4Addr>().is_ok()
    } else {
        name.split('.').all(is_label)
    }
}

/// Only what a browser goes to by itself: it becomes a link.
///
/// # Errors
/// `TooLong`; `NotAWebAddress`.
pub fn web_address(text: &str) -> Result<String, Problem> {
    if text.chars().count() > URL_MAX {
        return Err(Problem::TooLong(URL_MAX));
    }
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_clean = text
        .bytes()
        .all(|c| c.is_ascii_graphic() && !b"\\\"<>`".contains(&c));
    if host.is_some_and(is_host) && is_clean {
        Ok(text.to_owned())
    } else {
        Err(Problem::NotAWebAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_web_and_nowhere_else() {
        for good in [
            "https://a.b",
            "http://localhost:3000/x?y#z",
            "https://[::1]/",
            "https://[2001:db8::1]:8443/x",
            "https://a_b.c:65535",
            "http://10.0.0.1:3000/",
            "https://example.com./",
        ] {
            assert_eq!(web_address(good), Ok(good.to_owned()));
        }
        for bad in [
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "//a.b",
            "ftp://a.b",
            "https://a@b.c",
            "https://a.b/\u{202e}",
            "https://a.b/ x",
            "https://a.b\\c",
            "https://a.b/\"onclick",
            "https://[::1",
            "https://[::1]x",
            "https://[1.2.3.4]",
            "https://a.b:65536/",
            "https://a.b:0",
            "https://a.b:",
            "https://a.b:+80",
            "https://:80",
            "https://%00",
            "https://a,b",
            "https://...",
            "https://-",
            "https://a..b/",
            "https://1.2.3.999/",
            "https://256",
        ] {
            assert_eq!(web_address(bad), Err(Problem::NotAWebAddress), "{bad}");
        }
    }
}
