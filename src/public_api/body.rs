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
        let value = serde_json::from_slice(&bytes)
            .map_err(|error: serde_json::Error| unreadable(&error.to_string()))?;
        Ok(Self { value, bytes })
    }
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
