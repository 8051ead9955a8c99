//! What is read of Stripe's answers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use crate::{
    billing::{
        Money,
        change::{Period, StripeStatus, Subscription},
    },
    id::OrgId,
    server::config::StripeConfig,
};

/// The key of the metadata that says whose something is.
pub const ORGANIZATION: &str = "organization_id";

/// Something that is there with all it holds, or only named.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    Id(String),
    Whole(T),
}

impl<T> Expandable<T> {
    fn whole(self) -> Option<T> {
        match self {
            Self::Id(_) => None,
            Self::Whole(whole) => Some(whole),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    pub id: String,
}

impl Expandable<Named> {
    pub fn id(self) -> String {
        match self {
            Self::Id(id) => id,
            Self::Whole(named) => named.id,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct List<T> {
    #[serde(default = "Vec::new")]
    pub data: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { data: Vec::new() }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct TheCustomer {
    pub id: String,
    #[serde(default)]
    pub deleted: bool,
    #[serde(default)]
    pub invoice_settings: InvoiceSettings,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct InvoiceSettings {
    #[serde(default)]
    default_payment_method: Option<Expandable<PaymentMethod>>,
}

impl InvoiceSettings {
    pub fn card(self) -> Option<Card> {
        self.default_payment_method?.whole()?.card
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct PaymentMethod {
    #[serde(default)]
    pub card: Option<Card>,
}

/// The card on file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Card {
    pub brand: String,
    pub last4: String,
    pub exp_month: u32,
    pub exp_year: u32,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    pub id: String,
    #[serde(default)]
    pub unit_amount: Option<i64>,
    pub currency: String,
    #[serde(default)]
    pub recurring: Option<Recurring>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Recurring {
    pub interval: String,
    #[serde(default = "one")]
    pub interval_count: u32,
}

const fn one() -> u32 {
    1
}

impl Price {
    /// What it costs each time; nothing where that depends on use.
    #[must_use]
    pub fn money(&self) -> Option<Money> {
        Some(Money::new(self.unit_amount?, &self.currency))
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Item {
    id: String,
    price: Price,
    #[serde(default, deserialize_with = "time")]
    current_period_start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "time")]
    current_period_end: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct TheSubscription {
    id: String,
    customer: Expandable<Named>,
    status: String,
    #[serde(deserialize_with = "time")]
    created: Option<DateTime<Utc>>,
    #[serde(default)]
    items: List<Item>,
    #[serde(default)]
    cancel_at_period_end: bool,
    #[serde(default, deserialize_with = "time")]
    cancel_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "time")]
    current_period_start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "time")]
    current_period_end: Option<DateTime<Utc>>,
    #[serde(default)]
    metadata: HashMap<String, String>,
    #[serde(default)]
    default_payment_method: Option<Expandable<PaymentMethod>>,
    #[serde(default)]
    latest_invoice: Option<Expandable<Named>>,
}

/// How a subscription ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Never,
    /// By the flag that it ends with what was paid for.
    WithPeriod,
    /// By a moment, which is how the portal says the same.
    At,
}

/// A subscription, with what else is of use.
#[derive(Clone, Debug)]
pub struct Found {
    pub subscription: Subscription,
    pub customer: String,
    /// Whom it was made for, if it was made here.
    pub organization: Option<OrgId>,
    /// How it is to end by itself.
    pub ending: Ending,
    /// The item that the plan is of.
    pub item: Option<String>,
    pub price: Option<Price>,
    pub latest_invoice: Option<String>,
    pub card: Option<Card>,
}

impl TheSubscription {
    /// Of several items, the one that is a plan counts.
    pub fn read(self, config: &StripeConfig) -> Found {
        let mut items = self.items.data;
        let at = items
            .iter()
            .position(|item| config.plan_of(&item.price.id).is_some());
        let item = (!items.is_empty()).then(|| items.swap_remove(at.unwrap_or_default()));
        let own = (self.current_period_start, self.current_period_end);
        let of_item = item
            .as_ref()
            .map(|item| (item.current_period_start, item.current_period_end));
        let period = match (of_item, own) {
            (Some((Some(start), Some(end))), _) | (_, (Some(start), Some(end))) => {
                Some(Period { start, end })
            }
            _ => None,
        };
        let price = item.as_ref().map(|item| item.price.id.clone());
        let organization = self.metadata.get(ORGANIZATION);
        let ending = match (self.cancel_at_period_end, self.cancel_at) {
            (true, _) => Ending::WithPeriod,
            (false, Some(_)) => Ending::At,
            (false, None) => Ending::Never,
        };
        Found {
            ending,
            subscription: Subscription {
                id: self.id,
                created: self.created.unwrap_or(DateTime::UNIX_EPOCH),
                status: StripeStatus::named(&self.status),
                plan: price.as_deref().and_then(|price| config.plan_of(price)),
                price,
                period,
                cancels: ending != Ending::Never,
            },
            customer: self.customer.id(),
            organization: organization.and_then(|id| id.parse().ok()),
            item: item.as_ref().map(|item| item.id.clone()),
            price: item.map(|item| item.price),
            latest_invoice: self.latest_invoice.map(|invoice| match invoice {
                Expandable::Id(id) => id,
                Expandable::Whole(invoice) => invoice.id,
            }),
            card: self
                .default_payment_method
                .and_then(Expandable::whole)
                .and_then(|method| method.card),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Invoice {
    pub id: String,
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub total: i64,
    #[serde(default)]
    pub amount_remaining: i64,
    pub currency: String,
    #[serde(default, deserialize_with = "time")]
    pub created: Option<DateTime<Utc>>,
    #[serde(default)]
    pub hosted_invoice_url: Option<String>,
    #[serde(default)]
    pub invoice_pdf: Option<String>,
    #[serde(default)]
    pub payments: List<InvoicePayment>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct InvoicePayment {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    payment: Option<PaidBy>,
}

#[derive(Clone, Debug, Deserialize)]
struct PaidBy {
    #[serde(default)]
    payment_intent: Option<Expandable<Named>>,
}

impl InvoicePayment {
    /// What was paid, and can be given back.
    pub fn paid(self) -> Option<String> {
        let is_paid = self.status.as_deref() == Some("paid");
        Some(self.payment.filter(|_| is_paid)?.payment_intent?.id())
    }
}

/// What a change would cost.
#[derive(Clone, Debug, Deserialize)]
pub struct Preview {
    pub currency: String,
    #[serde(default)]
    pub total: i64,
    #[serde(default)]
    pub amount_due: i64,
    #[serde(default)]
    pub lines: List<InvoiceLine>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct InvoiceLine {
    pub amount: i64,
    #[serde(default)]
    pub description: Option<String>,
}

/// Stripe's times are seconds.
fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let seconds = Option::<i64>::deserialize(from)?;
    Ok(seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
}
