//! How a handler answers, and how it says no.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use utoipa::{IntoResponses, openapi};

use super::BASE;
use crate::{
    access::server::once::Answer,
    error::{AppError, FieldError, Problem},
};

/// Why not. What it says is written around the handler, where the request is
/// known.
#[derive(Clone, Debug)]
pub struct Refused(pub AppError);

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self(told(error))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Something that is as it was asked for.
pub type Told<T> = Result<axum::Json<T>, Refused>;

/// Something that was made, with where it is from now on.
pub fn created(answer: Answer, kind: &str) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let id = serde_json::from_str::<serde_json::Value>(&answer.body)
        .ok()
        .and_then(|told| told.get("id")?.as_str().map(str::to_owned));
    let type_of = match status.is_success() {
        true => "application/json",
        false => "application/problem+json",
    };
    let mut response = (status, [(CONTENT_TYPE, type_of)], answer.body).into_response();
    if let Some(id) = id.filter(|_| status == StatusCode::CREATED)
        && let Ok(place) = HeaderValue::from_str(&format!("{BASE}/{kind}/{id}"))
    {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// What is fine by itself and doesn't fit what there is, a name that is taken
/// or an environment that isn't there, is an error of a field for a form, and a
/// conflict for a program.
#[must_use]
pub fn told(error: AppError) -> AppError {
    let about_others =
        |error: &FieldError| matches!(error.problem, Problem::Taken | Problem::NoSuchEnvironment);
    match error {
        AppError::Invalid { errors } if errors.iter().all(about_others) => {
            AppError::Unfitting { errors }
        }
        other => other,
    }
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $statuses:expr;)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, openapi::RefOr<openapi::Response>> {
                $statuses.into_iter().map(refusal).collect()
            }
        }
    )+};
}

refusals! {
    /// What any call may be refused with.
    Refusals = [401, 402, 403, 404, 422, 429, 503];
    /// What a call with a body may be refused with as well.
    BodyRefusals = [400, 408, 409, 413, 415];
    /// What a call with a file may be refused with as well.
    FileRefusals = [400, 408, 411, 413];
}

/// By its name among the responses of the document, where it is described.
fn refusal(status: u16) -> (String, openapi::RefOr<openapi::Response>) {
    let name = openapi::Ref::from_response_name(refusal_name(status));
    (status.to_string(), name.into())
}

/// What a refusal is called in the document.
#[must_use]
pub fn refusal_name(status: u16) -> String {
    format!("Refused{status}")
}
