//! Stripe's HTTP API.

mod cards;
mod checkout;
mod customers;
mod events;
mod expand;
mod invoices;
mod list;
mod metadata;
mod once;
mod params;
mod portal;
mod preview;
mod refunds;
mod route;
mod subscription_update;
mod subscriptions;
mod wares;

use std::time::Duration;

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use serde_json::json;

use super::{
    books::{
        Books,
        event::Asked,
        rules::{Answer, Outage},
    },
    desk::Desk,
    ids,
    refusal::Refusal,
    render::API_VERSION,
};
use once::Turn;
use params::Params;

/// The longest body that is read.
const LONGEST: usize = 1 << 20;

pub fn router() -> Router<Desk> {
    Router::new().route("/v1/{*path}", any(answer))
}

/// A request that may be done.
struct Call {
    method: Method,
    path: String,
    params: Params,
    /// Under which it is done only once.
    key: Option<String>,
    id: String,
}

/// What is answered, and whether it was answered before.
struct Answered {
    answer: Answer,
    is_replayed: bool,
}

async fn answer(State(desk): State<Desk>, request: Request) -> Response {
    let id = format!("req_{}", ids::letters(14));
    let key = idempotency_key(request.headers());
    let answered = match read(request, &id).await {
        // Whoever hangs up has it done all the same, as with Stripe.
        Ok(call) => match tokio::spawn(perform(desk, call)).await {
            Ok(answered) => answered,
            Err(_) => Answered::fresh(&api_error(500, "The sandbox has failed."), &id),
        },
        Err(refusal) => Answered::fresh(&refusal, &id),
    };
    let Answered {
        answer,
        is_replayed,
    } = answered;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Json(answer.body)).into_response();
    let headers = [
        ("request-id", Some(id)),
        ("stripe-version", Some(API_VERSION.to_owned())),
        ("idempotency-key", key),
        (
            "idempotent-replayed",
            is_replayed.then(|| "true".to_owned()),
        ),
    ];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

impl Answered {
    fn fresh(refusal: &Refusal, id: &str) -> Self {
        Self {
            answer: refused(refusal, id),
            is_replayed: false,
        }
    }
}

async fn read(request: Request, id: &str) -> Result<Call, Refusal> {
    let (parts, body) = request.into_parts();
    check_key(&parts.headers)?;
    let body = to_bytes(body, LONGEST)
        .await
        .map_err(|_| Refusal::invalid("The body of the request is too long."))?;
    Ok(Call {
        params: Params::read(parts.uri.query().unwrap_or_default(), &body)?,
        key: idempotency_key(&parts.headers).filter(|_| parts.method == Method::POST),
        path: parts.uri.path().to_owned(),
        method: parts.method,
        id: id.to_owned(),
    })
}

fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("idempotency-key")?.to_str().ok()?;
    Some(key.to_owned())
}

/// Any secret key for trying will do; a live one must not come here.
fn check_key(headers: &HeaderMap) -> Result<(), Refusal> {
    let key = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let words = if key.is_empty() {
        "You did not provide an API key."
    } else if key.starts_with("sk_live_") || key.starts_with("rk_live_") {
        "This is a sandbox: a live key must not be sent here."
    } else if key.starts_with("sk_") || key.starts_with("rk_") {
        return Ok(());
    } else {
        "Invalid API Key provided."
    };
    Err(Refusal::invalid(words).with_status(401, "invalid_request_error"))
}

fn api_error(status: u16, words: &str) -> Refusal {
    Refusal::invalid(words).with_status(status, "api_error")
}

async fn perform(desk: Desk, call: Call) -> Answered {
    let outage = desk.look(|books| books.rules.outage);
    if outage == Outage::Down {
        let down = api_error(503, "Stripe is down, as it was told to be.");
        return Answered::fresh(&down, &call.id);
    }
    if let Some(key) = &call.key {
        let turn = desk.change(|books| books.take_turn(key, &call.path, &call.params.as_json()));
        match turn {
            Turn::Yours => {}
            Turn::Answered(answer) => {
                return Answered {
                    answer,
                    is_replayed: true,
                };
            }
            Turn::Refused(refusal) => return Answered::fresh(&refusal, &call.id),
        }
    }
    if let Outage::Slow { ms } = outage {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    let answer = if call.method == Method::GET {
        desk.look(|books| route::read(books, &call.path, &call.params))
            .unwrap_or_else(|refusal| refused(&refusal, &call.id))
    } else {
        desk.change(|books| act(books, &call))
    };
    Answered {
        answer,
        is_replayed: false,
    }
}

/// Does what is asked, and remembers the answer if it must be the same again.
fn act(books: &mut Books, call: &Call) -> Answer {
    books.asked = Asked {
        id: Some(call.id.clone()),
        idempotency_key: call.key.clone(),
    };
    let done = route::act(books, &call.method, &call.path, &call.params);
    let (answer, was_begun) = match done {
        Ok(answer) => (answer, true),
        Err(refusal) => (refused(&refusal, &call.id), !is_malformed(&refusal)),
    };
    if let Some(key) = &call.key {
        books.end_turn(key, was_begun.then_some(&answer));
    }
    answer
}

/// Nothing was begun for a request that couldn't be understood, so that it can
/// be sent again under its key once it is right.
fn is_malformed(refusal: &Refusal) -> bool {
    refusal
        .code
        .is_some_and(|code| code.starts_with("parameter_"))
}

/// A refusal as an answer, to the request with this id.
fn refused(refusal: &Refusal, id: &str) -> Answer {
    let mut error = refusal.error();
    if let Some(fields) = error.as_object_mut() {
        let log = format!("https://dashboard.stripe.com/test/logs/{id}");
        fields.insert("request_log_url".to_owned(), log.into());
    }
    Answer {
        status: refusal.status,
        body: json!({ "error": error }),
    }
}
