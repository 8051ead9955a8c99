//! The cookie that a flash travels in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::flash::Flash;

/// The name of the cookie. On https the name itself keeps other hosts of the
/// domain from planting one.
#[must_use]
pub const fn name(https: bool) -> &'static str {
    if https {
        "__Host-atrium_flash"
    } else {
        "atrium_flash"
    }
}

/// The longest value that every browser keeps, in bytes.
const LONGEST: usize = 3800;

/// What an earlier answer left.
#[must_use]
pub fn read(headers: &HeaderMap, https: bool) -> Option<Flash> {
    let bytes = URL_SAFE_NO_PAD.decode(cookie(headers, name(https))?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The cookie that leaves a flash for the next page. Of a form that is too
/// large for a cookie, what was typed is left out.
#[must_use]
pub fn leave(flash: &Flash, https: bool) -> Option<HeaderValue> {
    let text = encode(flash)?;
    let text = if text.len() <= LONGEST {
        text
    } else {
        let mut smaller = flash.clone();
        smaller.form.as_mut()?.values.clear();
        encode(&smaller).filter(|text| text.len() <= LONGEST)?
    };
    header(&text, 60, https)
}

/// The cookie that takes it away once it was shown.
#[must_use]
pub fn clear(https: bool) -> Option<HeaderValue> {
    header("", 0, https)
}

fn encode(flash: &Flash) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(flash).ok()?))
}

fn header(value: &str, max_age: u32, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let name = name(https);
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).ok()
}

/// The value of a cookie of the request.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
