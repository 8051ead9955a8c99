//! What goes around every call: refusals become problem documents, and every
//! answer says how much of the month is left.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ALLOW, RETRY_AFTER},
};

use super::answer::Refused;
use crate::{
    billing::{Limit, Quota},
    error::AppError,
    server::{problem, request::RequestInfo, services::Services},
    usage::model::Period,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// How the call was counted, once it is.
#[derive(Clone, Debug, Default)]
pub struct Count(Arc<OnceLock<Counted>>);

#[derive(Clone, Copy, Debug)]
struct Counted {
    used: u64,
    quota: Quota,
}

impl Count {
    pub fn note(&self, used: u64, quota: Quota) {
        let _once = self.0.set(Counted { used, quota });
    }
}

pub async fn around(
    State(services): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    let count = Count::default();
    request.extensions_mut().insert(count.clone());
    let id = request
        .extensions()
        .get::<RequestInfo>()
        .map(|info| info.id);
    let is_question = request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return if is_question {
            allowed(&response)
        } else {
            let mut refused = problem::answer(&AppError::MethodNotAllowed, id);
            refused.headers_mut().extend(response.headers().clone());
            refused
        };
    }
    let refused = response.extensions_mut().remove::<Refused>();
    let now = services.clock.now();
    if let Some(Refused(error)) = &refused {
        response = problem::answer(error, id);
    }
    let used_up = match refused {
        Some(Refused(AppError::LimitReached {
            limit: Limit::ApiCalls,
            max,
        })) => Some(Counted {
            used: max,
            quota: Quota::Limited(max),
        }),
        _ => None,
    };
    if let Some(counted) = used_up.or(count.0.get().copied()) {
        say(response.headers_mut(), counted, now);
    }
    if used_up.is_some() {
        let left = seconds_left(now);
        response.headers_mut().insert(RETRY_AFTER, left.into());
    }
    response
}

/// The draft of the IETF: a list of policies, and what is left of each.
fn say(headers: &mut HeaderMap, counted: Counted, now: DateTime<Utc>) {
    let Quota::Limited(max) = counted.quota else {
        return;
    };
    let period = Period::of(now);
    let window = (period.end() - period.start()).num_seconds();
    let left = max.saturating_sub(counted.used);
    let policy = format!("\"month\";q={max};w={window}");
    let limit = format!("\"month\";r={left};t={}", seconds_left(now));
    for (name, value) in [(POLICY, policy), (LEFT, limit)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

/// Until calls are counted anew, rounded up.
fn seconds_left(now: DateTime<Utc>) -> i64 {
    let left = (Period::of(now).end() - now).num_milliseconds();
    left.unsigned_abs().div_ceil(1000).cast_signed()
}

/// What can be done at an address; who asks from another site isn't told that
/// they may.
fn allowed(response: &Response) -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    if let Some(allow) = response.headers().get(ALLOW).cloned() {
        answer.headers_mut().insert(ALLOW, allow);
    }
    answer
}

pub async fn nothing_here() -> Refused {
    Refused(AppError::NotFound)
}
