//! Events of Stripe: believed only if they are signed, and kept before anyone
//! is told so.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use crate::{
    entity::stripe_event::{self, EventState},
    error::AppError,
    server::{config::WebhookSecret, services::Services},
};

/// How far the clock of a signature may be from ours, in seconds, either way.
const TOLERANCE: u64 = 300;

/// An event that Stripe signed: checking that is the only way to one.
#[derive(Clone, Debug)]
pub struct StripeEvent {
    id: String,
    kind: String,
    created: DateTime<Utc>,
    payload: String,
}

/// Why something is no event of Stripe's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// There is no signature, or none that can be read.
    Unsigned,
    /// No secret of ours made it.
    OtherSecret,
    /// It was signed too long ago, or will be.
    OutOfTime,
    /// It is signed, and no event.
    NoEvent,
}

impl std::fmt::Display for Unverified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "The header Stripe-Signature is missing or can't be read.",
            Self::OtherSecret => "The signature isn't made with a secret of this endpoint.",
            Self::OutOfTime => "The signature's time is more than 300 seconds from now.",
            Self::NoEvent => "The body is no event.",
        })
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    created: i64,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

impl StripeEvent {
    /// Reads an event from what was sent, to the byte, if one of the secrets
    /// signed it.
    ///
    /// # Errors
    /// See [`Unverified`].
    pub fn verify(
        body: &[u8],
        signature: &str,
        secrets: &[WebhookSecret],
        now: DateTime<Utc>,
    ) -> Result<Self, Unverified> {
        let (signed_at, signatures) = read(signature).ok_or(Unverified::Unsigned)?;
        let is_ours = secrets.iter().any(|secret| {
            let made = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
            made.is_ok_and(|mac| {
                let mac = mac
                    .chain_update(signed_at.as_bytes())
                    .chain_update(b".")
                    .chain_update(body);
                let matches = |signature: &Vec<u8>| mac.clone().verify_slice(signature).is_ok();
                signatures.iter().any(matches)
            })
        });
        if !is_ours {
            return Err(Unverified::OtherSecret);
        }
        let at: i64 = signed_at.parse().map_err(|_| Unverified::Unsigned)?;
        if at.abs_diff(now.timestamp()) > TOLERANCE {
            return Err(Unverified::OutOfTime);
        }
        Self::read(body, now).ok_or(Unverified::NoEvent)
    }

    fn read(body: &[u8], now: DateTime<Utc>) -> Option<Self> {
        let payload = std::str::from_utf8(body).ok()?;
        let envelope: Envelope = serde_json::from_str(payload).ok()?;
        let fits = |text: &str| !text.is_empty() && text.len() <= 255 && !text.contains('\0');
        if !fits(&envelope.id) || !fits(&envelope.kind) {
            return None;
        }
        Some(Self {
            id: envelope.id,
            kind: envelope.kind,
            created: DateTime::from_timestamp(envelope.created, 0).unwrap_or(now),
            payload: payload.to_owned(),
        })
    }

    /// Keeps the event, once, however often it comes.
    ///
    /// # Errors
    /// `Unavailable`; Stripe sends it again then.
    pub async fn store(self, services: &Services) -> Result<(), AppError> {
        let now = services.clock.now();
        let tx = services.db.write("an event is no tenant's yet").await?;
        let subject = Subject::of(&self.kind, &self.payload);
        let row = stripe_event::ActiveModel {
            id: Set(self.id),
            subject: Set(subject.id().filter(|id| id.len() <= 255)),
            kind: Set(self.kind),
            payload: Set(self.payload),
            state: Set(EventState::Pending),
            attempts: Set(0),
            note: Set(None),
            is_alert: Set(false),
            created_at: Set(self.created),
            received_at: Set(now),
            available_at: Set(now),
            settled_at: Set(None),
        };
        let known = OnConflict::column(stripe_event::Column::Id)
            .do_nothing()
            .to_owned();
        stripe_event::Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(&*tx)
            .await?;
        tx.commit().await?;
        services.events_stored.notify_one();
        Ok(())
    }
}

/// The time of a signature header, as it was signed, and all its signatures of
/// the one scheme that is safe.
fn read(header: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let mut time = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", at) => time = Some(at),
            ("v1", digits) => signatures.extend(bytes(digits)),
            _ => {}
        }
    }
    let time = time.filter(|_| !signatures.is_empty())?;
    Some((time, signatures))
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
        .collect()
}

/// What an event tells to look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Subscription {
        id: String,
        /// Whose it is said to be.
        customer: Option<String>,
        /// Whether the event says that its trial ends soon.
        trial_ends: bool,
    },
    /// A customer that was deleted.
    Customer(String),
    /// Nothing that organizations are told by.
    Nothing,
}

impl Subject {
    fn id(self) -> Option<String> {
        match self {
            Self::Subscription { id, .. } | Self::Customer(id) => Some(id),
            Self::Nothing => None,
        }
    }

    /// By an event that was stored.
    pub fn of(kind: &str, payload: &str) -> Self {
        let envelope: Option<Envelope> = serde_json::from_str(payload).ok();
        let object = envelope.map(|event| event.data.object).unwrap_or_default();
        let subscription = match kind {
            "customer.deleted" => {
                return id(&object).map_or(Self::Nothing, Self::Customer);
            }
            "customer.subscription.created"
            | "customer.subscription.updated"
            | "customer.subscription.deleted"
            | "customer.subscription.paused"
            | "customer.subscription.resumed"
            | "customer.subscription.trial_will_end" => id(&object),
            "checkout.session.completed" => named(object.get("subscription")),
            "invoice.paid" | "invoice.payment_failed" | "invoice.finalized" => {
                let parent = object.pointer("/parent/subscription_details/subscription");
                named(parent).or_else(|| named(object.get("subscription")))
            }
            _ => None,
        };
        match subscription {
            Some(id) => Self::Subscription {
                id,
                customer: named(object.get("customer")),
                trial_ends: kind == "customer.subscription.trial_will_end",
            },
            None => Self::Nothing,
        }
    }
}

fn id(object: &Value) -> Option<String> {
    named(object.get("id"))
}

/// An id, or the object that has it.
fn named(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(id) => Some(id.clone()),
        Value::Object(object) => named(object.get("id")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn subject(kind: &str, object: Value) -> Subject {
        let event = json!({ "id": "evt_1", "type": kind, "data": { "object": object } });
        Subject::of(kind, &event.to_string())
    }

    fn subscription(trial_ends: bool) -> Subject {
        Subject::Subscription {
            id: "sub_1".to_owned(),
            customer: Some("cus_1".to_owned()),
            trial_ends,
        }
    }

    #[test]
    fn each_event_names_its_subscription_in_its_own_way() {
        let customer = json!("cus_1");
        let parent = json!({ "subscription_details": { "subscription": "sub_1" } });
        for (kind, object) in [
            (
                "customer.subscription.updated",
                json!({ "id": "sub_1", "customer": customer }),
            ),
            (
                "checkout.session.completed",
                json!({ "id": "cs_1", "subscription": "sub_1", "customer": { "id": "cus_1" } }),
            ),
            (
                "invoice.paid",
                json!({ "id": "in_1", "parent": parent, "customer": customer }),
            ),
            (
                "invoice.payment_failed",
                json!({ "id": "in_1", "subscription": "sub_1", "customer": customer }),
            ),
        ] {
            assert_eq!(subject(kind, object), subscription(false), "{kind}");
        }
        let ends = json!({ "id": "sub_1", "customer": "cus_1" });
        assert_eq!(
            subject("customer.subscription.trial_will_end", ends),
            subscription(true)
        );
    }

    #[test]
    fn what_is_not_about_a_subscription_is_about_nothing() {
        assert_eq!(
            subject("invoice.paid", json!({ "id": "in_1", "parent": null })),
            Subject::Nothing
        );
        assert_eq!(
            subject("charge.succeeded", json!({ "id": "ch_1" })),
            Subject::Nothing
        );
        assert_eq!(
            subject("customer.deleted", json!({ "id": "cus_1" })),
            Subject::Customer("cus_1".to_owned())
        );
    }
}
