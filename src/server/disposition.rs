//! `Content-Disposition`: what a file is called on its way.

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What needs no escaping in an extended value (RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The value that has a browser keep a file under that name, and not show it.
#[must_use]
pub fn attachment(name: &str) -> Option<HeaderValue> {
    let is_plain = |c: &char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '%');
    let plain: String = name
        .chars()
        .map(|c| if is_plain(&c) { c } else { '_' })
        .collect();
    let escaped = utf8_percent_encode(name, PLAIN);
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{escaped}");
    HeaderValue::from_str(&value).ok()
}

/// The name that a value gives, if it gives one.
#[must_use]
pub fn filename(value: &str) -> Option<String> {
    let parameter = |name: &str| {
        parts(value).into_iter().skip(1).find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let extended = parameter("filename*").and_then(|value| {
        let mut parts = value.splitn(3, '\'');
        let (charset, _language, escaped) = (parts.next()?, parts.next()?, parts.next()?);
        let name = percent_decode_str(escaped).decode_utf8().ok()?;
        charset
            .eq_ignore_ascii_case("utf-8")
            .then(|| name.into_owned())
    });
    extended.or_else(|| parameter("filename").map(unquoted))
}

/// What stands between semicolons, those between quotes excepted.
fn parts(value: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    value
        .split(|c| {
            let is_plain = !std::mem::replace(&mut is_escaped, false);
            is_quoted ^= c == '"' && is_plain;
            is_escaped = c == '\\' && is_quoted && is_plain;
            c == ';' && !is_quoted
        })
        .collect()
}

/// A quoted string without what quotes it, or a token as it is.
fn unquoted(value: &str) -> String {
    let Some(inner) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return value.to_owned();
    };
    let mut is_escaped = false;
    let is_kept = |c: &char| {
        is_escaped = *c == '\\' && !is_escaped;
        !is_escaped
    };
    inner.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_as_it_was_sent() {
        for name in ["build.tar.gz", "größe 1.zip", "a\"b%.txt", "日本.bin"] {
            let value = attachment(name).unwrap();
            assert_eq!(filename(value.to_str().unwrap()).as_deref(), Some(name));
        }
        assert_eq!(
            filename("attachment; filename=x.zip").as_deref(),
            Some("x.zip")
        );
        let quoted = filename("attachment; filename=\"a;b=c.zip\"; x=y");
        assert_eq!(quoted.as_deref(), Some("a;b=c.zip"));
        for (value, name) in [
            (r#"attachment; filename="a\"b;c.zip"; x=y"#, r#"a"b;c.zip"#),
            (r#"attachment; filename="a\\"; filename=b"#, r"a\"),
            (r#"attachment; filename="""#, ""),
            ("attachment; filename=größe.zip", "größe.zip"),
            (
                "attachment; filename*=UTF-8'en'gr%C3%B6%C3%9Fe.zip",
                "größe.zip",
            ),
            (r#"attachment; filename=""#, "\""),
        ] {
            assert_eq!(filename(value).as_deref(), Some(name), "{value}");
        }
        assert_eq!(filename("attachment"), None);
    }
}
