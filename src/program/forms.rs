//! The layer around all server functions.
//!
//! A script gets the result or the error as JSON, with the error's own status.
//! A form that was sent without one gets a redirect: on to the next page, or
//! back to the form with what is wrong and what was typed.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, REFERER, RETRY_AFTER, SET_COOKIE},
    request::Parts,
};
use leptos::server_fn::ServerFn;

use super::refusal::{refusal, wants_page};
use crate::{
    answer,
    error::{AppError, Problem},
    flash::{Flash, FormFlash},
    organizations::{api::SetOrganizationImage, model::IMAGE_MAX},
    server::{flash, request::RequestInfo, services::Services},
};

/// The largest form that is taken, in bytes; a form with a file may be as
/// large as the file.
const FORM_MAX: usize = 64 * 1024;
const FILE_FORM_MAX: usize = IMAGE_MAX + FORM_MAX;
/// How long a form may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest error that a server function answers with, in bytes.
const ERROR_MAX: usize = 64 * 1024;
/// Marks the answer of a server function that failed.
const FAILED: HeaderName = HeaderName::from_static("serverfnerror");

/// Leaves pages alone and goes around what is posted.
pub async fn around_functions(state: State<Services>, request: Request, next: Next) -> Response {
    if request.method() == Method::POST {
        around(state, request, next).await
    } else {
        next.run(request).await
    }
}

async fn around(State(services): State<Services>, request: Request, next: Next) -> Response {
    let plain_form = wants_page(request.headers());
    let id = request
        .extensions()
        .get::<RequestInfo>()
        .map(|info| info.id);
    let (mut parts, body) = request.into_parts();
    let is_file_form = header(&parts.headers, &CONTENT_TYPE).starts_with("multipart/form-data");
    let most = if is_file_form {
        FILE_FORM_MAX
    } else {
        FORM_MAX
    };
    let announced = header(&parts.headers, &CONTENT_LENGTH)
        .parse::<usize>()
        .unwrap_or_default();
    if announced > most {
        return refusal(&AppError::TooLarge, id, plain_form);
    }
    if !is_readable(&parts) {
        let unreadable = AppError::invalid("", Problem::Malformed);
        return refusal(&unreadable, id, plain_form);
    }
    let body = match read(body, most).await {
        Ok(body) => body,
        Err(error) => return refusal(&error, id, plain_form),
    };
    let form = plain_form.then(|| Sent {
        action: parts.uri.path().to_owned(),
        back: back(&parts.headers),
        values: if is_file_form {
            BTreeMap::new()
        } else {
            typed(&body)
        },
    });
    // What is decided by this header below is decided here.
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.status() == StatusCode::NOT_FOUND
        && !response.headers().contains_key(&FAILED)
        && !plain_form
    {
        return refusal(&AppError::NotFound, id, false);
    }
    let response = with_own_status(response).await;
    match form {
        Some(form) => form.answer(response, services.config.app_url().is_https()),
        None => response.into_response(),
    }
}

/// Whether a form with a file says where its parts end: server functions that
/// take one don't ask.
fn is_readable(parts: &Parts) -> bool {
    let content_type = header(&parts.headers, &CONTENT_TYPE);
    let takes_files = parts.uri.path() == SetOrganizationImage::PATH;
    let has_files = content_type.starts_with("multipart/");
    !(takes_files || has_files) || multer::parse_boundary(content_type).is_ok()
}

async fn read(body: Body, most: usize) -> Result<Bytes, AppError> {
    let read = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, most))
        .await
        .map_err(|_| AppError::TooSlow)?;
    read.map_err(|error| {
        let is_too_large = std::error::Error::source(&error)
            .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
        if is_too_large {
            AppError::TooLarge
        } else {
            AppError::invalid("", Problem::Malformed)
        }
    })
}

/// What a server function said.
enum Said {
    Done(Response),
    Failed(Response, AppError),
}

impl Said {
    fn into_response(self) -> Response {
        match self {
            Self::Done(response) | Self::Failed(response, _) => response,
        }
    }
}

/// Gives an error its own status; Leptos says 500 of each.
async fn with_own_status(response: Response) -> Said {
    if !response.headers().contains_key(&FAILED) {
        return Said::Done(response);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, ERROR_MAX).await.unwrap_or_default();
    let error = match serde_json::from_slice(&body) {
        Ok(AppError::Internal { reference }) if reference.is_nil() => {
            AppError::internal(&std::io::Error::other("a server function couldn't answer"))
        }
        Ok(error) => error,
        Err(error) => AppError::internal(&error),
    };
    let body = told(&error).to_string();
    parts.status =
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.remove(CONTENT_LENGTH);
    if let AppError::TooManyTries { retry_after } = error {
        parts
            .headers
            .insert(RETRY_AFTER, HeaderValue::from(retry_after));
    }
    Said::Failed(Response::from_parts(parts, Body::from(body)), error)
}

/// An error for programs, with its words beside it: a page shows those, and
/// needs none of its own.
fn told(error: &AppError) -> serde_json::Value {
    let mut told = serde_json::to_value(error).unwrap_or_default();
    let fields: Vec<_> = match error {
        AppError::Invalid { errors } => errors
            .iter()
            .map(|error| (error.field.clone(), error.problem.words()))
            .collect(),
        _ => Vec::new(),
    };
    if let Some(told) = told.as_object_mut() {
        told.insert("message".to_owned(), error.message().into());
        told.insert("fields".to_owned(), serde_json::json!(fields));
    }
    told
}

/// A form that was sent without a script.
struct Sent {
    action: String,
    /// The page that it is on.
    back: String,
    values: BTreeMap<String, String>,
}

impl Sent {
    fn answer(self, said: Said, https: bool) -> Response {
        let (to, cookies, flash) = match said {
            Said::Done(response)
                if response.status().is_client_error() || response.status().is_server_error() =>
            {
                return response;
            }
            Said::Done(response) => {
                let to = header(response.headers(), &LOCATION).to_owned();
                (to, response.headers().clone(), None)
            }
            Said::Failed(response, AppError::SignedOut) => (
                answer::sign_in_and_back(&self.back),
                response.headers().clone(),
                None,
            ),
            Said::Failed(response, error) => {
                let form = FormFlash {
                    action: self.action,
                    error,
                    values: self.values,
                };
                (
                    String::new(),
                    response.headers().clone(),
                    Some(Flash {
                        form: Some(form),
                        ..Flash::default()
                    }),
                )
            }
        };
        let to = if to.is_empty() { &self.back } else { &to };
        let mut response = StatusCode::SEE_OTHER.into_response();
        if let Ok(to) = HeaderValue::from_str(to) {
            response.headers_mut().insert(LOCATION, to);
        }
        for cookie in cookies.get_all(SET_COOKIE) {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        if let Some(cookie) = flash.and_then(|flash| flash::leave(&flash, https)) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// The path of the page that the form is on. Only a path: wherever the header
/// says it came from, the answer leads to this site.
fn back(headers: &HeaderMap) -> String {
    header(headers, &REFERER)
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.path_and_query().map(ToString::to_string))
        .filter(|path| crate::identity::model::safe_callback(path).is_some())
        .unwrap_or_else(|| "/".to_owned())
}

/// What was typed, secrets and all that a page knows by itself excepted.
fn typed(body: &Bytes) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(body)
        .filter(|(name, _)| !name.contains("password") && !name.contains("token") && name != "org")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_its_page_and_never_off_the_site() {
        for (referer, path) in [
            ("https://atrium.example/app/acme?q=a", "/app/acme?q=a"),
            ("https://evil.example//other.example/", "/"),
            ("nonsense", "/"),
            ("", "/"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, HeaderValue::from_static(referer));
            assert_eq!(back(&headers), path, "{referer}");
        }
    }

    #[test]
    fn secrets_are_not_left_in_a_cookie() {
        let typed = typed(&Bytes::from_static(
            b"email=a%40b.co&password=x&current_password=y&token=z",
        ));
        assert_eq!(typed.keys().collect::<Vec<_>>(), ["email"]);
    }
}
