//! `Range` (RFC 9110, 14): a part of a file, for whoever goes on where they
//! were cut off.

use std::ops::Range;

use http::{
    HeaderMap, HeaderName,
    header::{IF_RANGE, RANGE},
};

/// Which part is asked for, of which version of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    range: Option<String>,
    version: Option<String>,
}

impl Wanted {
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?;
            Some(value.trim().to_owned())
        };
        Self {
            range: text(RANGE),
            version: text(IF_RANGE),
        }
    }

    /// The part of so many bytes that is asked for. None, and all of them are
    /// sent: as it may be done with what isn't there, with several parts at
    /// once, and must be with another version than the one that was begun.
    #[must_use]
    pub fn part(&self, bytes: u64, etag: &str) -> Option<Range<u64>> {
        if self.version.as_deref().is_some_and(|known| known != etag) {
            return None;
        }
        let (first, last) = self
            .range
            .as_ref()?
            .strip_prefix("bytes=")?
            .split_once('-')?;
        let number = |digits: &str| {
            let is_plain = digits.bytes().all(|c| c.is_ascii_digit());
            is_plain.then(|| digits.parse::<u64>().ok()).flatten()
        };
        let part = match (first, last) {
            ("", last) => bytes.saturating_sub(number(last)?)..bytes,
            (first, "") => number(first)?..bytes,
            (first, last) => number(first)?..number(last)?.saturating_add(1).min(bytes),
        };
        (!part.is_empty()).then_some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(range: &str, version: Option<&str>) -> Option<Range<u64>> {
        let wanted = Wanted {
            range: Some(range.to_owned()),
            version: version.map(str::to_owned),
        };
        wanted.part(100, "\"a\"")
    }

    #[test]
    fn a_part_is_what_was_asked_for_or_all() {
        for (range, expected) in [
            ("bytes=0-9", Some(0..10)),
            ("bytes=90-", Some(90..100)),
            ("bytes=-10", Some(90..100)),
            ("bytes=-1000", Some(0..100)),
            ("bytes=99-5000", Some(99..100)),
            ("bytes=0-18446744073709551615", Some(0..100)),
            ("bytes=100-", None),
            ("bytes=-0", None),
            ("bytes=9-0", None),
            ("bytes=0-1,5-6", None),
            ("bytes=+1-2", None),
            ("bytes=-", None),
            ("bytes=99999999999999999999-", None),
            ("lines=0-9", None),
            ("", None),
        ] {
            assert_eq!(part(range, None), expected, "{range}");
        }
        assert_eq!(part("bytes=5-", Some("\"a\"")), Some(5..100));
        assert_eq!(part("bytes=5-", Some("\"b\"")), None);
        assert_eq!(part("bytes=5-", Some("W/\"a\"")), None);
        assert_eq!(Wanted::default().part(100, "\"a\""), None);
    }
}
