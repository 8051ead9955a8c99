//! A body of JSON.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::answer::Refused;
use crate::{
    error::{AppError, Problem},
    server::services::Services,
};

/// How long a body may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What was sent, and how it was written.
pub struct Body<T> {
    pub value: T,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<Services> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, services: &Services) -> Result<Self, Refused> {
        let kind = request.headers().get(CONTENT_TYPE);
        if !kind.is_some_and(|kind| is_json(kind.to_str().unwrap_or_default())) {
            return Err(AppError::UnsupportedMediaType.into());
        }
        let bytes = tokio::time::timeout(TIMEOUT, Bytes::from_request(request, services))
            .await
            .map_err(|_| AppError::TooSlow)?;
        let bytes = bytes.map_err(|rejection| match rejection.status().as_u16() {
            413 => AppError::TooLarge,
            _ => AppError::CutOff,
        })?;
        // A struct can be read from an array as well, which nobody means.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(unreadable("expected an object").into());
        }
        Ok(Self {
            value: read(&bytes)?,
            bytes,
        })
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        misfit(&path, &error.into_inner())
    })?;
    json.end().map_err(|error| misfit(".", &error))?;
    Ok(value)
}

/// What of it can't be read, and where it stands. What is missing stands
/// nowhere, and is named by the words.
fn misfit(path: &str, error: &serde_json::Error) -> AppError {
    let words = error.to_string();
    if !error.is_data() {
        return unreadable(&words);
    }
    let words = words.split(" at line ").next().unwrap_or_default();
    let missing = words
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    if let Some(field) = missing {
        return AppError::invalid(field, Problem::Missing);
    }
    let field = if path == "." { "" } else { path };
    AppError::invalid(field, Problem::Unreadable(words.to_owned()))
}

/// A value that isn't `null`, of a field that may be left out.
///
/// # Errors
/// If it is none of its kind.
pub fn given<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(from).map(Some)
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// The words are the parser's own: they say which field, and in which line.
fn unreadable(why: &str) -> AppError {
    AppError::invalid("", Problem::Unreadable(why.to_owned()))
}
