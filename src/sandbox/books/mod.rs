//! What the sandbox knows: the things Stripe would keep, as plain structs.

pub mod card;
pub mod event;
pub mod invoice;
pub mod rules;
pub mod session;
pub mod subscription;
pub mod wares;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ids,
    moment::{self, Moment},
    refusal::Refusal,
};
use card::Card;
use event::{Asked, Event, Ticket};
use invoice::{Intent, Invoice, Refund};
use rules::{Once, Rules, Webhook};
use session::{CheckoutSession, PortalSession};
use subscription::Subscription;
use wares::{Price, Product};

/// Words that whoever made a thing has put on it.
pub type Metadata = BTreeMap<String, String>;
/// Things by id, in the order of their making.
pub type Shelf<T> = BTreeMap<String, T>;

/// Everything the sandbox keeps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Books {
    /// What the sandbox's clock says.
    pub now: Moment,
    /// By how much that is ahead of the clock on the wall.
    pub ahead: i64,
    /// How many ids have been given out.
    pub counted: u64,
    pub customers: Shelf<Customer>,
    pub products: Shelf<Product>,
    pub prices: Shelf<Price>,
    pub cards: Shelf<Card>,
    pub checkouts: Shelf<CheckoutSession>,
    pub portals: Shelf<PortalSession>,
    pub subscriptions: Shelf<Subscription>,
    pub invoices: Shelf<Invoice>,
    pub intents: Shelf<Intent>,
    pub refunds: Shelf<Refund>,
    pub events: Shelf<Event>,
    /// Deliveries that are still owed.
    pub owed: Vec<Ticket>,
    pub rules: Rules,
    pub webhook: Webhook,
    /// Answers by idempotency key.
    pub answers: BTreeMap<String, Once>,
    /// Where the hosted pages are, without a slash at the end.
    #[serde(skip)]
    pub base: String,
    /// The request that is being served, if any.
    #[serde(skip)]
    pub asked: Asked,
}

/// Somebody who may pay.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    pub created: Moment,
    pub email: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub description: Option<String>,
    pub metadata: Metadata,
    pub currency: Option<String>,
    /// In cents; what is below zero is credit.
    pub balance: i64,
    /// The card for whatever names none.
    pub default_card: Option<String>,
    pub invoice_prefix: String,
    pub next_invoice: u32,
    pub is_deleted: bool,
}

impl Books {
    /// Books as they are on the first day: three prices, and nobody.
    #[must_use]
    pub fn new() -> Self {
        let mut books = Self {
            now: moment::wall(),
            ..Self::default()
        };
        books.stock();
        books
    }

    /// A new id.
    pub fn id(&mut self, prefix: &str) -> String {
        self.counted += 1;
        ids::id(prefix, self.counted)
    }

    /// # Errors
    /// If there is no such customer, or no longer.
    pub fn customer(&self, id: &str) -> Result<&Customer, Refusal> {
        let customer = find(&self.customers, "customer", id)?;
        if customer.is_deleted {
            return Err(Refusal::missing("customer", id));
        }
        Ok(customer)
    }

    /// # Errors
    /// If there is no such customer for the parameter to name.
    pub fn named_customer(&self, id: &str) -> Result<&Customer, Refusal> {
        self.customer(id)
            .map_err(|_| Refusal::names_nothing("customer", id, "customer"))
    }

    /// # Errors
    /// If there is no such price for the parameter to name.
    pub fn named_price(&self, id: &str, param: &str) -> Result<&Price, Refusal> {
        find(&self.prices, "price", id).map_err(|_| Refusal::names_nothing("price", id, param))
    }

    /// # Errors
    /// If there is no such subscription.
    pub fn subscription(&self, id: &str) -> Result<&Subscription, Refusal> {
        find(&self.subscriptions, "subscription", id)
    }

    /// # Errors
    /// If there is no such invoice.
    pub fn invoice(&self, id: &str) -> Result<&Invoice, Refusal> {
        find(&self.invoices, "invoice", id)
    }

    /// # Errors
    /// If there is no such checkout session.
    pub fn checkout(&self, id: &str) -> Result<&CheckoutSession, Refusal> {
        find(&self.checkouts, "checkout.session", id)
    }

    /// The name of what a price is for.
    #[must_use]
    pub fn ware(&self, price: &str) -> &str {
        self.prices
            .get(price)
            .and_then(|price| self.products.get(&price.product))
            .map_or("", |product| &product.name)
    }

    /// The subscriptions of a customer that haven't ended, oldest first.
    pub fn running(&self, customer: &str) -> impl Iterator<Item = &Subscription> {
        self.subscriptions
            .values()
            .filter(move |subscription| subscription.customer == customer)
            .filter(|subscription| !subscription.standing.has_ended())
    }
}

/// # Errors
/// If it isn't there.
pub fn find<'a, T>(shelf: &'a Shelf<T>, what: &str, id: &str) -> Result<&'a T, Refusal> {
    shelf.get(id).ok_or_else(|| Refusal::missing(what, id))
}
