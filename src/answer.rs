//! What a server function may say besides its result: where to go on, and a
//! toast for the page there.

use chrono::TimeDelta;
use http::{
    HeaderName, HeaderValue,
    header::{LOCATION, SET_COOKIE},
    request::Parts,
};
use leptos::{prelude::use_context, server_fn::codec::MultipartData};
use leptos_axum::ResponseOptions;

use crate::{
    error::{AppError, Problem},
    flash::{Flash, SecretFlash, Toast},
    server::{flash, request::RequestInfo, services::Services, token},
};

/// Tells a script that the header `location` is to be followed; a form
/// without one is redirected by the layer around all server functions.
const FOLLOW: HeaderName = HeaderName::from_static("serverfnredirect");

/// The cookie that remembers which organization was used last.
pub const LAST_ORGANIZATION: &str = "atrium_org";
/// The cookie of a browser that signed up a moment ago.
const SIGN_UP: &str = "atrium_signup";
/// The cookie of a browser that somebody signed in with.
const BROWSER: &str = "atrium_browser";

/// Sends whoever asked on: to a path of this site, to its main host, or to where
/// one pays.
pub fn go(path: &str) {
    if let (Some(options), Ok(path)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(path),
    ) {
        options.insert_header(LOCATION, path);
        options.insert_header(FOLLOW, HeaderValue::from_static("1"));
    }
}

/// Sends whoever asked on to what isn't the organization's whose host was
/// asked: elsewhere, if it was one's own.
pub fn go_elsewhere(path: &str) {
    let elsewhere = use_context::<Parts>().and_then(|parts| {
        let tenant = parts
            .extensions
            .get::<RequestInfo>()?
            .host
            .tenant()?
            .clone();
        let own = format!("/app/{tenant}");
        let is_own = path
            .strip_prefix(&own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let services = parts.extensions.get::<Services>()?;
        (!is_own).then(|| services.config.app_url().join(path))
    });
    go(elsewhere.as_deref().unwrap_or(path));
}

/// What tells the intent of a form from others; of one that says nothing, a
/// new one each time.
#[must_use]
pub fn intent(sent: &str) -> String {
    let plain = crate::billing::model::intent(sent).map(str::to_owned);
    plain.unwrap_or_else(|| uuid::Uuid::now_v7().to_string())
}

/// Where to sign in, to go on to that page of this site from there.
#[must_use]
pub fn sign_in_and_back(page: &str) -> String {
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("/auth/signin?callbackUrl={page}")
}

/// Says something on the next page.
pub fn toast(toast: Toast) {
    leave(&Flash {
        toast: Some(toast),
        ..Flash::default()
    });
}

/// Goes on to a page that shows a key which was made, once and nowhere else.
pub fn reveal(key: String, name: String, page: &str) {
    let secret = SecretFlash {
        key,
        name,
        page: page.to_owned(),
    };
    leave(&Flash {
        secret: Some(secret),
        ..Flash::default()
    });
    go(page);
}

fn leave(flash: &Flash) {
    if let (Some(options), Some(cookie)) = (
        use_context::<ResponseOptions>(),
        flash::leave(flash, is_https()),
    ) {
        options.append_header(SET_COOKIE, cookie);
    }
}

/// Has the browser keep a cookie.
pub fn cookie(cookie: &str) {
    if let (Some(options), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(cookie),
    ) {
        options.append_header(SET_COOKIE, cookie);
    }
}

/// The secret by which the browser that signs up is known again.
///
/// # Errors
/// `Internal` if the system gives no randomness.
pub fn sign_up_secret() -> Result<String, AppError> {
    let secret = secret_or_new(SIGN_UP)?;
    keep(SIGN_UP, &secret, TimeDelta::days(1));
    Ok(secret)
}

/// The secret of the browser that sent the request, if it signed up.
#[must_use]
pub fn known_sign_up() -> Option<String> {
    secret(SIGN_UP)
}

/// The secret by which a browser that signs in will be known again, once it
/// has signed in and keeps it.
///
/// # Errors
/// `Internal` if the system gives no randomness.
pub fn browser_secret() -> Result<String, AppError> {
    secret_or_new(BROWSER)
}

/// Has a browser that signed in keep its secret.
pub fn keep_browser(secret: &str) {
    keep(BROWSER, secret, TimeDelta::days(365));
}

fn secret_or_new(name: &str) -> Result<String, AppError> {
    secret(name).map_or_else(token::random, Ok)
}

fn keep(name: &str, secret: &str, lifetime: TimeDelta) {
    let secure = if is_https() { "; Secure" } else { "" };
    let (name, seconds) = (bound(name), lifetime.num_seconds());
    cookie(&format!(
        "{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    ));
}

/// On https the name itself keeps other hosts of the domain from planting one.
fn bound(name: &str) -> String {
    if is_https() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

fn secret(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    flash::cookie(&parts.headers, &bound(name))
        .filter(|secret| secret.len() == token::LENGTH)
        .map(str::to_owned)
}

/// The slug of the organization that this browser showed last.
#[must_use]
pub fn last_organization() -> Option<String> {
    let parts = use_context::<Parts>()?;
    flash::cookie(&parts.headers, LAST_ORGANIZATION).map(str::to_owned)
}

fn is_https() -> bool {
    use_context::<Parts>()
        .and_then(|parts| {
            parts
                .extensions
                .get::<Services>()
                .map(|s| s.config.app_url().is_https())
        })
        .unwrap_or(true)
}

/// A form with a file in it, read field by field. The layer around all server
/// functions holds it back, up to the size of an image.
pub struct Multipart(multer::Multipart<'static>);

/// # Errors
/// `Invalid` on the side of a client, which has none to read.
pub fn multipart(data: MultipartData) -> Result<Multipart, AppError> {
    data.into_inner().map(Multipart).ok_or_else(unreadable)
}

impl Multipart {
    /// The next field, which must have that name.
    ///
    /// # Errors
    /// `Invalid` if it hasn't, or is no text.
    pub async fn text(&mut self, name: &str) -> Result<String, AppError> {
        self.field(name)
            .await?
            .text()
            .await
            .map_err(|_| unreadable())
    }

    /// The bytes of the next field, which must have that name.
    ///
    /// # Errors
    /// `Invalid` if there are more than `most`.
    pub async fn bytes(&mut self, name: &str, most: usize) -> Result<Vec<u8>, AppError> {
        let mut field = self.field(name).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| unreadable())? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > most {
                return Err(AppError::invalid(name, Problem::TooManyBytes(most)));
            }
        }
        if bytes.is_empty() {
            Err(AppError::invalid(name, Problem::Missing))
        } else {
            Ok(bytes)
        }
    }

    async fn field(&mut self, name: &str) -> Result<multer::Field<'static>, AppError> {
        let field = self
            .0
            .next_field()
            .await
            .map_err(|_| unreadable())?
            .ok_or_else(unreadable)?;
        if field.name() == Some(name) {
            Ok(field)
        } else {
            Err(unreadable())
        }
    }
}

fn unreadable() -> AppError {
    AppError::invalid("", Problem::Malformed)
}
