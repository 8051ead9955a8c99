//! Putting cards on file.

use crate::sandbox::{
    books::{
        Books, Metadata,
        card::{Card, Entry, Kind},
    },
    life::collect::Scene,
    moment,
    refusal::Refusal,
    render,
};

impl Books {
    /// A card for one of Stripe's names for trying, such as `pm_card_visa`, or
    /// the one that has this id.
    ///
    /// # Errors
    /// If there is none, or the bank doesn't let it be put on file.
    pub fn card_or_magic(&mut self, id: &str) -> Result<String, Refusal> {
        let kind = match id {
            "pm_card_visa" => Kind::Visa,
            "pm_card_mastercard" => Kind::Mastercard,
            "pm_card_chargeDeclined" => Kind::Declined,
            "pm_card_chargeCustomerFail" => Kind::FailsLater,
            _ => return self.card(id).map(|card| card.id.clone()),
        };
        kind.check()?;
        let (year, _) = moment::year_and_month(self.now);
        Ok(self.new_card(Entry {
            kind,
            exp_month: 12,
            exp_year: year + 3,
            holder: None,
        }))
    }

    fn new_card(&mut self, entry: Entry) -> String {
        let id = self.id("pm");
        let card = Card {
            id: id.clone(),
            created: self.now,
            customer: None,
            kind: entry.kind,
            exp_month: entry.exp_month,
            exp_year: entry.exp_year,
            holder: entry.holder,
            email: None,
            metadata: Metadata::new(),
        };
        self.cards.insert(id.clone(), card);
        id
    }

    /// Puts a card on file with a customer.
    ///
    /// # Errors
    /// If it is another's.
    pub fn attach(&mut self, id: &str, customer: &str) -> Result<(), Refusal> {
        let of = self.named_customer(customer)?.clone();
        let card = self.cards.get_mut(id);
        let card = card.ok_or_else(|| Refusal::missing("PaymentMethod", id))?;
        match &card.customer {
            Some(owner) if owner == customer => return Ok(()),
            Some(_) => {
                return Err(Refusal::invalid(
                    "The payment method you provided has already been attached to a customer.",
                ));
            }
            None => {}
        }
        card.customer = Some(of.id);
        card.email = of.email;
        let view = render::card(card);
        self.tell("payment_method.attached", view);
        Ok(())
    }

    /// Puts on file a card that was typed into a form.
    pub fn add_card(&mut self, customer: &str, entry: Entry) -> Result<String, Refusal> {
        let id = self.new_card(entry);
        self.attach(&id, customer)?;
        Ok(id)
    }

    /// Has a customer pay everything with another card from now on.
    ///
    /// # Errors
    /// If there is no such customer.
    pub fn pay_with(&mut self, customer: &str, entry: Entry) -> Result<(), Refusal> {
        let id = self.add_card(customer, entry)?;
        self.change_customer(customer, |customer| {
            customer.default_card = Some(id.clone());
        });
        let running: Vec<String> = self
            .running(customer)
            .filter(|subscription| subscription.card.is_some())
            .map(|subscription| subscription.id.clone())
            .collect();
        for subscription in running {
            self.change_subscription(&subscription, |subscription| {
                subscription.card = Some(id.clone());
            });
        }
        Ok(())
    }

    /// Replaces the card on file, as the portal does: the bank is asked first,
    /// and what is open is tried with the new one.
    ///
    /// # Errors
    /// If the bank says no.
    pub fn replace_card(&mut self, customer: &str, entry: Entry) -> Result<(), Refusal> {
        entry.kind.check()?;
        self.pay_with(customer, entry)?;
        let open: Vec<String> = self
            .invoices
            .values()
            .filter(|invoice| invoice.customer == customer && invoice.is_open())
            .map(|invoice| invoice.id.clone())
            .collect();
        for invoice in open {
            // What it comes to is on the page and in the events.
            let _told = self.collect(&invoice, None, Scene::Asked);
        }
        Ok(())
    }

    /// The card that a customer's things are paid with.
    #[must_use]
    pub fn card_on_file(&self, customer: &str) -> Option<&Card> {
        let own = self
            .running(customer)
            .find_map(|subscription| subscription.card.as_ref());
        let default = self.customers.get(customer)?.default_card.as_ref();
        self.cards.get(own.or(default)?)
    }
}
