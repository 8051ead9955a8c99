//! Requests that are done once, however often they are sent.

use axum::extract::FromRequestParts;
use http::{Method, request::Parts};
use serde::Serialize;

use super::{
    answer::{Refused, told},
    body::Body,
};
use crate::{
    access::{
        Can,
        server::{
            Grant,
            agent::Once,
            once::{self, Answer},
        },
    },
    error::{AppError, Conflict, Problem},
    server::{problem, request::RequestInfo, services::Services, token},
};

const HEADER: &str = "idempotency-key";
/// The longest key that is taken, in characters.
const LONGEST: usize = 255;

/// The key that makes a request known again, if it was sent with one.
pub struct IdempotencyKey {
    key: Option<String>,
    method: Method,
    path: String,
    request: Option<uuid::Uuid>,
}

impl FromRequestParts<Services> for IdempotencyKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Services) -> Result<Self, Refused> {
        let mut sent = parts.headers.get_all(HEADER).iter();
        let key = sent.next().map(|value| value.to_str().unwrap_or_default());
        let unreadable = || AppError::invalid("Idempotency-Key", Problem::Malformed);
        let key = key
            .map(|key| read(key).ok_or_else(unreadable))
            .transpose()?;
        if sent.next().is_some() {
            return Err(unreadable().into());
        }
        Ok(Self {
            key,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            request: parts.extensions.get::<RequestInfo>().map(|info| info.id),
        })
    }
}

/// With the quotes that the draft of the IETF asks for, or without.
fn read(text: &str) -> Option<String> {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let key = inner.unwrap_or(text);
    let is_key =
        (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    is_key.then(|| key.to_owned())
}

impl IdempotencyKey {
    /// Does what a request asks for, unless it was done before: then it is
    /// answered as it was.
    ///
    /// # Errors
    /// `KeyReused` if another request was sent with the key; `Conflict` if the
    /// same is being answered; else what goes wrong with it.
    pub async fn once<C, T, B>(
        self,
        grant: Grant<C>,
        body: &Body<B>,
        run: impl AsyncFnOnce(&Grant<C>) -> Result<T, AppError>,
    ) -> Result<Answer, AppError>
    where
        C: Can,
        T: Serialize,
    {
        let Some(key) = &self.key else {
            return made(&run(&grant).await.map_err(told)?);
        };
        let once = self.of(&grant, key, &body.bytes);
        if let Some(answer) = once::recall(&grant, &once).await? {
            return Ok(answer);
        }
        let grant = grant.once(once.clone());
        match run(&grant).await.map_err(told) {
            Ok(done) => made(&done),
            Err(AppError::Conflict {
                conflict: Conflict::SameRequest,
            }) => once::recall(&grant, &once)
                .await?
                .ok_or(AppError::Conflict {
                    conflict: Conflict::SameRequest,
                }),
            Err(error) => self.refused(&grant, &once, error).await,
        }
    }

    fn of<C: Can>(&self, grant: &Grant<C>, key: &str, body: &[u8]) -> Once {
        let whose = grant.agent().creator().id;
        let mut request = format!("{} {}\0", self.method, self.path).into_bytes();
        request.extend(body);
        Once {
            key_hash: token::hash(format!("{whose}\0{key}")),
            request_hash: token::hash(request),
        }
    }

    /// What is wrong with the request is wrong with it the next time; what is
    /// wrong with us, or with how things stand, may not be.
    async fn refused<C: Can>(
        &self,
        grant: &Grant<C>,
        once: &Once,
        error: AppError,
    ) -> Result<Answer, AppError> {
        let passes = matches!(error.status(), 401 | 402 | 500..)
            || matches!(
                error,
                AppError::Conflict { .. } | AppError::LimitReached { .. }
            );
        if !passes {
            let document = problem::document(&error, self.request);
            once::keep_refusal(grant, once, error.status(), &document).await?;
        }
        // Another of the same may have been quicker, and all are told alike.
        once::recall(grant, once).await?.ok_or(error)
    }
}

fn made(told: &impl Serialize) -> Result<Answer, AppError> {
    let body = serde_json::to_string(told).map_err(|error| AppError::internal(&error))?;
    Ok(Answer { status: 201, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_with_quotes_or_without() {
        assert_eq!(read("\"8e03 x\""), Some("8e03 x".to_owned()));
        assert_eq!(read("8e03"), Some("8e03".to_owned()));
        assert_eq!(read(&"a".repeat(255)), Some("a".repeat(255)));
        for bad in ["", "\"\"", "é", "a\u{7f}", &"a".repeat(256)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
