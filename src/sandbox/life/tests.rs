//! The life of a subscription, by the clock.

mod changes;
mod renewals;
mod trials;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::sandbox::{
    books::{
        Books, Customer,
        card::{Entry, Kind},
        invoice::InvoiceState,
        rules::AfterRetries,
        session::Wanted,
        subscription::{Standing, Subscription, WithoutCard},
    },
    life::{
        change::{Change, ItemChange, Proration},
        collect::Scene,
        subscribe::{FirstPayment, NewSubscription},
    },
    moment::{DAY, Moment},
};

fn at(text: &str) -> Moment {
    let moment: DateTime<Utc> = format!("{text}:00Z").parse().unwrap();
    moment.timestamp()
}

/// Books on the last day of January, and somebody who pays for Starter.
struct World {
    books: Books,
    customer: String,
    subscription: String,
}

impl World {
    fn new() -> Self {
        Self::with(Some(Kind::Visa), None, WithoutCard::CreateInvoice)
    }

    fn with(card: Option<Kind>, trial_days: Option<i64>, without_card: WithoutCard) -> Self {
        let mut books = Books::new();
        books.now = at("2027-01-31T10:00");
        let customer = books.welcome(Customer::default());
        let card = card.map(|kind| books.add_card(&customer, entry(kind)).unwrap());
        let now = books.now;
        let subscription = books
            .subscribe(NewSubscription {
                customer: customer.clone(),
                wanted: vec![Wanted {
                    price: "price_sandbox_starter".to_owned(),
                    quantity: 1,
                }],
                card,
                trial_end: trial_days.map(|days| now + days * DAY),
                without_card,
                metadata: Default::default(),
                first: FirstPayment::AtTill,
            })
            .unwrap();
        Self {
            books,
            customer,
            subscription,
        }
    }

    fn subscription(&self) -> &Subscription {
        self.books.subscription(&self.subscription).unwrap()
    }

    fn standing(&self) -> Standing {
        self.subscription().standing
    }

    /// The last invoice: its state, what was due, how often it was tried.
    fn last_invoice(&self) -> (InvoiceState, i64, u32) {
        let invoice = self.books.invoices.values().next_back().unwrap();
        (invoice.state, invoice.amount_due, invoice.attempts)
    }

    fn wait_until(&mut self, text: &str) {
        self.books.pass_until(at(text));
    }

    /// From now on the card fails.
    fn card_goes_bad(&mut self) {
        let entry = entry(Kind::FailsLater);
        self.books.pay_with(&self.customer, entry).unwrap();
    }

    /// What was told after so many events, without what is told at every turn.
    fn told_after(&self, count: usize) -> Vec<&str> {
        let events = self.books.events.values().skip(count);
        events.map(|event| event.kind.as_str()).collect()
    }

    fn change(&self, price: &str, proration: Proration, or_nothing: bool) -> Change {
        Change {
            items: vec![ItemChange {
                id: Some(self.subscription().items[0].id.clone()),
                price: Some(price.to_owned()),
                quantity: None,
            }],
            proration,
            at: self.books.now,
            or_nothing,
        }
    }
}

fn entry(kind: Kind) -> Entry {
    Entry {
        kind,
        exp_month: 12,
        exp_year: 2034,
        holder: None,
    }
}
