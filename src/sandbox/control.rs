//! What Stripe has no counterpart for: the clock, the way that events take,
//! and what goes wrong.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    books::{
        Books,
        card::{Entry, Kind},
        rules::{AfterRetries, Outage, Payments, Webhook},
    },
    desk::Desk,
    moment::{self, DAY, Moment},
    refusal::Refusal,
};

/// How far the clock can be set forward at once.
const FARTHEST: i64 = 20 * 366 * DAY;
/// How long a flush waits unless it is said otherwise, in milliseconds.
const PATIENCE: u64 = 30_000;

pub fn router() -> Router<Desk> {
    Router::new()
        .route("/_sandbox/clock", get(clock).post(set_clock))
        .route("/_sandbox/webhooks", get(webhooks).post(set_webhooks))
        .route("/_sandbox/events/{id}/resend", post(resend))
        .route("/_sandbox/deliveries", get(deliveries))
        .route("/_sandbox/flush", post(flush))
        .route("/_sandbox/outage", post(set_outage))
        .route("/_sandbox/settings", get(settings).post(set_settings))
        .route("/_sandbox/cards", post(set_card))
}

async fn clock(State(desk): State<Desk>) -> Json<Value> {
    Json(json!({ "now": desk.look(|books| books.now) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    advance: Option<i64>,
    to: Option<Moment>,
}

async fn set_clock(State(desk): State<Desk>, Json(setting): Json<Setting>) -> Response {
    // Years may pass, which takes a while.
    let set = tokio::task::spawn_blocking(move || {
        desk.change(|books| {
            let to = match (setting.advance, setting.to) {
                (Some(seconds), None) => books.now.saturating_add(seconds),
                (None, Some(to)) => to,
                _ => return Err(Refusal::invalid("Say either `advance` or `to`.")),
            };
            advance(books, to)
        })
    })
    .await;
    match set {
        Ok(Ok(now)) => Json(json!({ "now": now })).into_response(),
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Sets the clock forward.
///
/// # Errors
/// If that is backwards, or farther than anybody needs.
pub fn advance(books: &mut Books, to: Moment) -> Result<Moment, Refusal> {
    if to < books.now || to - books.now > FARTHEST {
        return Err(Refusal::invalid(
            "The clock can only be set forward, by up to twenty years.",
        ));
    }
    books.set_clock(to);
    Ok(books.now)
}

async fn webhooks(State(desk): State<Desk>) -> Json<Webhook> {
    Json(desk.look(|books| books.webhook.clone()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookChange {
    url: Option<String>,
    secret: Option<String>,
    copies: Option<u8>,
    delay_ms: Option<u32>,
    shuffle: Option<bool>,
    paused: Option<bool>,
    senders: Option<u8>,
}

async fn set_webhooks(
    State(desk): State<Desk>,
    Json(change): Json<WebhookChange>,
) -> Json<Webhook> {
    Json(desk.change(|books| {
        let was = books.webhook.clone();
        books.webhook = Webhook {
            url: change.url.or(was.url).filter(|url| !url.is_empty()),
            secret: change.secret.unwrap_or(was.secret),
            copies: change.copies.unwrap_or(was.copies).clamp(1, 5),
            delay_ms: change.delay_ms.unwrap_or(was.delay_ms),
            shuffle: change.shuffle.unwrap_or(was.shuffle),
            paused: change.paused.unwrap_or(was.paused),
            senders: change.senders.unwrap_or(was.senders).clamp(1, 64),
        };
        books.webhook.clone()
    }))
}

async fn resend(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    let is_known = desk.change(|books| {
        let is_known = books.events.contains_key(&id);
        if is_known {
            books.owe(&id);
        }
        is_known
    });
    if is_known {
        Json(json!({ "id": id })).into_response()
    } else {
        Refusal::missing("event", &id).into_response()
    }
}

async fn deliveries(State(desk): State<Desk>) -> Json<Value> {
    let deliveries: Vec<Value> = desk.look(|books| {
        let events = books.events.values().rev();
        events
            .map(|event| {
                let owed = books.owed.iter().filter(|ticket| ticket.event == event.id);
                json!({
                    "id": event.id,
                    "type": event.kind,
                    "created": event.created,
                    "attempts": event.attempts,
                    "last_status": event.last_status,
                    "deliveries": event.delivered,
                    "owed": owed.count(),
                    "delivered": event.delivered > 0,
                })
            })
            .collect()
    });
    Json(json!({ "data": deliveries }))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patience {
    timeout_ms: Option<u64>,
}

/// Waits until everybody knows everything, or the patience is at an end.
async fn flush(State(desk): State<Desk>, patience: Option<Json<Patience>>) -> Json<Value> {
    let Json(patience) = patience.unwrap_or_default();
    let end = Instant::now() + Duration::from_millis(patience.timeout_ms.unwrap_or(PATIENCE));
    loop {
        let owed: Vec<String> = desk.look(|books| {
            let owed = books.owed.iter();
            owed.map(|ticket| ticket.event.clone()).collect()
        });
        if owed.is_empty() || Instant::now() >= end {
            return Json(json!({ "delivered": owed.is_empty(), "undelivered": owed }));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn set_outage(State(desk): State<Desk>, Json(outage): Json<Outage>) -> Json<Outage> {
    desk.change(|books| books.rules.outage = outage);
    Json(outage)
}

async fn settings(State(desk): State<Desk>) -> Json<Value> {
    Json(desk.look(|books| json!(books.rules)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesChange {
    after_retries: Option<AfterRetries>,
    payments: Option<Payments>,
}

async fn set_settings(State(desk): State<Desk>, Json(change): Json<RulesChange>) -> Json<Value> {
    Json(desk.change(|books| {
        let rules = &mut books.rules;
        rules.after_retries = change.after_retries.unwrap_or(rules.after_retries);
        rules.payments = change.payments.unwrap_or(rules.payments);
        json!(books.rules)
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCard {
    customer: String,
    number: String,
}

/// Puts any card on file, even one that a bank wouldn't let there: that is how
/// a good card goes bad.
async fn set_card(State(desk): State<Desk>, Json(new): Json<NewCard>) -> Response {
    let set = desk.change(|books| {
        let kind = Kind::numbered(&new.number)
            .ok_or_else(|| Refusal::invalid("No card for trying has this number."))?;
        let (year, _) = moment::year_and_month(books.now);
        let entry = Entry {
            kind,
            exp_month: 12,
            exp_year: year + 3,
            holder: None,
        };
        books.pay_with(&new.customer, entry)
    });
    match set {
        Ok(()) => Json(json!({ "customer": new.customer })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
