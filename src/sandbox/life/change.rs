//! Changing what a subscription is for, while it runs.

use crate::sandbox::{
    books::{
        Books,
        invoice::{Line, Reason},
        subscription::{Item, Standing, Subscription},
    },
    ids,
    life::collect::Scene,
    moment::Moment,
    refusal::Refusal,
};

/// What is to be another than it was.
#[derive(Clone, Debug)]
pub struct Change {
    pub items: Vec<ItemChange>,
    pub proration: Proration,
    /// The moment from which it is reckoned.
    pub at: Moment,
    /// Whether nothing is to change if the charge fails.
    pub or_nothing: bool,
}

#[derive(Clone, Debug, Default)]
pub struct ItemChange {
    /// The item; without one it is a new one.
    pub id: Option<String>,
    pub price: Option<String>,
    pub quantity: Option<u32>,
}

/// How a change within a period is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proration {
    /// With the next invoice.
    Next,
    /// With an invoice of its own, now.
    Now,
    /// Not at all.
    Never,
}

impl Books {
    /// The items as they are after a change.
    ///
    /// # Errors
    /// If an item or a price isn't there, or they don't go together.
    pub fn changed_items(
        &self,
        subscription: &Subscription,
        changes: &[ItemChange],
    ) -> Result<Vec<Item>, Refusal> {
        let mut items = subscription.items.clone();
        for (number, change) in changes.iter().enumerate() {
            if let Some(price) = &change.price {
                self.named_price(price, &format!("items[{number}][price]"))?;
            }
            match &change.id {
                Some(id) => {
                    let item = items.iter_mut().find(|item| item.id == *id);
                    let item = item.ok_or_else(|| {
                        let param = format!("items[{number}][id]");
                        Refusal::names_nothing("subscription item", id, &param)
                    })?;
                    item.price = change.price.clone().unwrap_or_else(|| item.price.clone());
                    item.quantity = change.quantity.unwrap_or(item.quantity);
                }
                None => items.push(Item {
                    id: format!("si_{}", ids::letters(18)),
                    created: self.now,
                    price: change
                        .price
                        .clone()
                        .ok_or_else(|| Refusal::required(&format!("items[{number}][price]")))?,
                    quantity: change.quantity.unwrap_or(1),
                }),
            }
        }
        let currency = self.one_currency(&items)?;
        if !subscription.currency.is_empty() && currency != subscription.currency {
            return Err(Refusal::invalid(format!(
                "The price specified only supports `{currency}`. This doesn't match the \
                 expected currency: `{}`.",
                subscription.currency
            )));
        }
        Ok(items)
    }

    /// Changes what a subscription is for.
    ///
    /// # Errors
    /// If that can't be, or the charge fails and nothing was to change then.
    pub fn change_items(&mut self, id: &str, change: &Change) -> Result<(), Refusal> {
        let subscription = self.subscription(id)?.clone();
        let items = self.changed_items(&subscription, &change.items)?;
        let lines = match change.proration {
            Proration::Never => Vec::new(),
            Proration::Next | Proration::Now => self.prorations(&subscription, &items, change.at),
        };
        let begins_anew =
            self.every(&items) != subscription.every && subscription.standing != Standing::Trialing;
        let is_billed_now =
            !lines.is_empty() && (begins_anew || change.proration == Proration::Now);
        if change.or_nothing && is_billed_now {
            self.make_sure_of(&subscription, &lines)?;
        }
        let invoice = is_billed_now.then(|| self.id("in"));
        let every = self.every(&items);
        let waiting = if is_billed_now { &[] } else { lines.as_slice() };
        self.change_subscription(id, |subscription| {
            subscription.items = items;
            subscription.every = every;
            subscription.pending.extend_from_slice(waiting);
            if begins_anew {
                subscription.restart(change.at);
            }
            if invoice.is_some() {
                subscription.latest_invoice.clone_from(&invoice);
            }
        });
        if let Some(invoice) = invoice {
            let lines = self.with_pending(id, lines);
            self.bill(&invoice, id, Reason::Update, lines);
            // What it comes to is the subscription's standing.
            let _told = self.collect(&invoice, None, Scene::Asked);
        }
        Ok(())
    }

    fn make_sure_of(&self, subscription: &Subscription, lines: &[Line]) -> Result<(), Refusal> {
        let lines = [subscription.pending.as_slice(), lines].concat();
        let invoice = self.draft("", subscription, Reason::Update, subscription.period, lines);
        if invoice.amount_due == 0 {
            return Ok(());
        }
        let card = self.payer(&subscription.customer, Some(&subscription.id));
        self.verdict(card.as_deref(), Scene::Asked)
    }
}
