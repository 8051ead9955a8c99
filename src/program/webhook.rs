//! Where Stripe tells what has happened.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde_json::json;

use crate::{
    billing::server::event::StripeEvent,
    error::AppError,
    server::{problem, request::RequestInfo, services::Services},
};

/// The largest event that is taken, in bytes; Stripe's are far smaller.
pub const MOST: usize = 1 << 20;

/// Keeps an event, and says so only then. Whatever else is answered has Stripe
/// send it again.
pub async fn receive(
    State(services): State<Services>,
    request: axum::Extension<RequestInfo>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let refuse = |error: &AppError| problem::answer(error, Some(request.id));
    let secrets = &services.config.stripe.stripe_webhook_secrets;
    if secrets.is_empty() {
        tracing::error!("an event came to an endpoint without a secret: set STRIPE_WEBHOOK_SECRET");
        return refuse(&AppError::StripeUnavailable);
    }
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match StripeEvent::verify(&body, signature, secrets, services.clock.now()) {
        Ok(event) => match event.store(&services).await {
            Ok(()) => Json(json!({ "received": true })).into_response(),
            Err(error) => refuse(&error),
        },
        Err(why) => {
            tracing::warn!(%why, "an event was refused");
            refuse(&AppError::BadSignature)
        }
    }
}
