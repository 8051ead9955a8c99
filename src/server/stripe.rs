//! Stripe, as far as Atrium asks it for anything.
//!
//! What is asked for is built by the library's types, which know each
//! parameter; of an answer, only what is used is read, so that a field which
//! another version of the API lacks or adds is nobody's trouble.

mod answers;
mod customers;
mod owed;
mod prices;
mod subscriptions;

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use stripe::{
    ApiErrorsCode, ApiErrorsType, Client, ClientBuilder, IdempotencyKey, RequestStrategy,
    StripeError, StripeRequest,
};

pub use answers::{Card, Ending, Found, Invoice, InvoiceLine, Preview, Price};
pub use customers::{Customer, NewCheckout};
pub use owed::Owed;
use prices::PriceCache;
pub use subscriptions::{PlanSwitch, Switch};

use super::config::{StripeConfig, StripeKey};
use crate::{
    billing::Plan,
    error::{AppError, Conflict},
};

/// How long it may take to look at something.
const TO_LOOK: Duration = Duration::from_secs(4);
/// How long it may take to change something, for which a bank may be asked;
/// less than the time that a page has.
const TO_CHANGE: Duration = Duration::from_secs(12);
/// Who is sent away within this time is asked once more.
const AT_ONCE: Duration = Duration::from_secs(2);
const BEFORE_AGAIN: Duration = Duration::from_millis(300);

/// What someone wants once, however often they ask for it. Stripe answers the
/// same intent with the same result, for at least a day.
#[derive(Clone, Debug)]
pub struct Intent(IdempotencyKey);

impl Intent {
    /// Made of what tells one intent from all others.
    ///
    /// # Errors
    /// `Internal` if that is longer than a key may be.
    pub fn new(parts: &[&str]) -> Result<Self, AppError> {
        IdempotencyKey::new(parts.join("/"))
            .map(Self)
            .map_err(|error| AppError::internal(&error))
    }
}

/// Why Stripe didn't do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It can't be reached, or not now; whether it was done isn't known.
    Unreachable,
    /// The same was asked by somebody else, and is being done.
    InHand,
    /// It was done before.
    Done,
    /// What it was asked about isn't there.
    Missing,
    /// The bank said no, in words for people.
    Declined,
    /// The same intent was sent with something else.
    OtherIntent,
    /// It won't have it as it was asked: a fault of ours, which was logged.
    Rejected(AppError),
}

impl From<Refused> for AppError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unreachable | Refused::InHand => Self::StripeUnavailable,
            Refused::Declined => Self::PaymentDeclined,
            Refused::Missing | Refused::OtherIntent | Refused::Done => Self::Conflict {
                conflict: Conflict::BillingMoved,
            },
            Refused::Rejected(error) => error,
        }
    }
}

/// An account at Stripe, and which of its prices are our plans.
#[derive(Clone, Debug)]
pub struct Stripe {
    client: Client,
    config: StripeConfig,
    prices: PriceCache,
}

impl Stripe {
    /// As it is configured, if it is.
    ///
    /// # Errors
    /// What of it can't be used.
    pub fn new(config: &StripeConfig) -> Result<Option<Self>, String> {
        config.check()?;
        let Some(key) = &config.stripe_secret_key else {
            return Ok(None);
        };
        let mut client = ClientBuilder::new(key.expose()).timeout(TO_LOOK).app_info(
            "Atrium",
            Some(env!("CARGO_PKG_VERSION").to_owned()),
            None,
        );
        if let Some(base) = &config.stripe_api_base {
            client = client.url(base.as_str());
        }
        let client = client.build().map_err(|error| error.to_string())?;
        Ok(Some(Self {
            client,
            config: config.clone(),
            prices: PriceCache::default(),
        }))
    }

    /// Whether no money moves here.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let key = self.config.stripe_secret_key.as_ref();
        key.is_some_and(StripeKey::is_test)
    }

    /// The price that a plan is sold at.
    ///
    /// # Errors
    /// `Conflict` for one that isn't sold here.
    pub fn price_id(&self, plan: Plan) -> Result<&str, AppError> {
        self.config.price_of(plan).ok_or(AppError::Conflict {
            conflict: Conflict::NotForSale,
        })
    }

    /// Whether a plan can be bought here.
    #[must_use]
    pub fn sells(&self, plan: Plan) -> bool {
        self.config.price_of(plan).is_some()
    }

    /// Asks, and once more if that may help. What changes something is asked
    /// with an intent, or is harmless to ask twice.
    async fn ask<T: DeserializeOwned>(
        &self,
        request: &impl StripeRequest,
        intent: Option<&Intent>,
    ) -> Result<T, Refused> {
        let begun = Instant::now();
        loop {
            match self.ask_once(request, intent).await {
                Err(Refused::InHand) if begun.elapsed() < TO_CHANGE => {}
                Err(Refused::Unreachable) if begun.elapsed() < AT_ONCE => {
                    tokio::time::sleep(BEFORE_AGAIN).await;
                    return self.ask_once(request, intent).await;
                }
                settled => return settled,
            }
            tokio::time::sleep(BEFORE_AGAIN).await;
        }
    }

    async fn ask_once<T: DeserializeOwned>(
        &self,
        request: &impl StripeRequest,
        intent: Option<&Intent>,
    ) -> Result<T, Refused> {
        let asked = request.build().customize::<miniserde::json::Value>();
        let asked = match intent {
            Some(Intent(key)) => asked
                .request_strategy(RequestStrategy::Idempotent(key.clone()))
                .timeout(TO_CHANGE),
            None => asked,
        };
        let answer = asked.send(&self.client).await;
        let answer = answer.map_err(refused)?;
        let text = miniserde::json::to_string(&answer);
        serde_json::from_str(&text).map_err(|error| Refused::Rejected(AppError::internal(&error)))
    }
}

fn refused(error: StripeError) -> Refused {
    let StripeError::Stripe(told, status) = error else {
        // Its words may repeat an address, and no more than that.
        tracing::warn!(%error, "Stripe can't be reached");
        return Refused::Unreachable;
    };
    let code = told.code.as_ref().map(ApiErrorsCode::as_str);
    tracing::warn!(
        status,
        kind = told.type_.as_str(),
        code,
        param = told.param,
        "Stripe refused"
    );
    match (status, &told.type_, &told.code) {
        // Under whatever type: it is being done for somebody else who asked.
        (409, ..) | (_, _, Some(ApiErrorsCode::IdempotencyKeyInUse)) => Refused::InHand,
        (_, _, Some(ApiErrorsCode::ChargeAlreadyRefunded)) => Refused::Done,
        (_, _, Some(ApiErrorsCode::ResourceMissing)) | (404, ..) => Refused::Missing,
        (_, ApiErrorsType::IdempotencyError, _) => Refused::OtherIntent,
        (402, ..) | (_, ApiErrorsType::CardError, _) => Refused::Declined,
        // A key that may not do it is an operator's to mend, and then it can.
        (401 | 403 | 424 | 429 | 500.., ..) => Refused::Unreachable,
        _ => {
            let words = told.message.unwrap_or_default();
            let words = format!("Stripe answered {status}: {words}");
            Refused::Rejected(AppError::internal(&std::io::Error::other(words)))
        }
    }
}
