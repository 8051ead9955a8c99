//! Problem documents (RFC 9457): how a program is told that something went
//! wrong.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{AppError, FieldError};

/// When somebody who has too many streams open may try again, in seconds.
const STREAMS_RETRY_AFTER: u32 = 30;

/// The status that goes with an error.
#[must_use]
pub fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The answer to a request of a program that failed.
#[must_use]
pub fn answer(error: &AppError, request: Option<Uuid>) -> Response {
    let kind = [(CONTENT_TYPE, "application/problem+json")];
    let document = document(error, request).to_string();
    let mut response = (status(error), kind, document).into_response();
    say_when(error, response.headers_mut());
    if matches!(error, AppError::BadKey) {
        let bearer = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    }
    response
}

/// Says when to come back, if that is known.
pub fn say_when(error: &AppError, headers: &mut HeaderMap) {
    let seconds = match error {
        AppError::TooManyTries { retry_after } => *retry_after,
        AppError::TooManyStreams => STREAMS_RETRY_AFTER,
        _ => return,
    };
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
}

/// With the error's own data beside what every problem has.
#[must_use]
pub fn document(error: &AppError, request: Option<Uuid>) -> Value {
    let status = status(error);
    let mut document = match serde_json::to_value(error) {
        Ok(Value::Object(data)) => data,
        _ => serde_json::Map::new(),
    };
    if let AppError::Invalid { errors } | AppError::Unfitting { errors } = error {
        document.insert("errors".into(), errors.iter().map(pointed).collect());
    }
    for (name, value) in [
        ("type", json!("about:blank")),
        ("title", json!(status.canonical_reason())),
        ("status", json!(status.as_u16())),
        ("detail", json!(detail(error))),
        ("request_id", json!(request)),
    ] {
        document.insert(name.into(), value);
    }
    Value::Object(document)
}

/// Forms mark their fields; a program is told which ones.
fn detail(error: &AppError) -> String {
    match error {
        AppError::Invalid { .. } | AppError::Unfitting { .. } => {
            "What was sent can't be taken as it is: `errors` says what is wrong, and where.".into()
        }
        other => other.words(),
    }
}

/// What is wrong, with where it stands in what was sent.
#[must_use]
pub fn pointed(error: &FieldError) -> Value {
    json!({ "pointer": pointer(&error.field), "detail": error.problem.words() })
}

/// A form calls the fields of what is new `new[name]`, JSON just `name`.
fn pointer(field: &str) -> String {
    let name = field
        .strip_prefix("new[")
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(field);
    if name.is_empty() {
        "#".to_owned()
    } else {
        format!("#/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problem;

    #[test]
    fn a_problem_says_where_it_stands() {
        let error = AppError::invalid("new[name]", Problem::Missing);
        let document = document(&error, None);
        assert_eq!(document["code"], "invalid");
        assert_eq!(document["status"], 422);
        assert_eq!(document["errors"][0]["pointer"], "#/name");
        assert_eq!(pointer(""), "#");
        assert_eq!(pointer("limit"), "#/limit");
    }
}
