//! Buying at the till.

use crate::sandbox::{
    books::{
        Books, Customer,
        card::{Entry, Kind},
        session::{CheckoutSession, CheckoutState},
    },
    life::{
        collect::Scene,
        subscribe::{FirstPayment, NewSubscription},
    },
    moment::DAY,
    refusal::Refusal,
    render,
};

/// What came of an attempt to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    Yes,
    /// The bank asks the holder first.
    Asks,
}

impl Books {
    /// Pays what a session is for, once: paying again changes nothing.
    ///
    /// # Errors
    /// If the bank says no, or the session has expired.
    pub fn pay_checkout(&mut self, id: &str, entry: Entry) -> Result<Paid, Refusal> {
        let session = self.checkout(id)?.clone();
        match session.state {
            CheckoutState::Complete { .. } => return Ok(Paid::Yes),
            CheckoutState::Expired => return Err(expired()),
            CheckoutState::Open => {}
        }
        self.verdict_on(entry.kind, Scene::Till)?;
        if entry.kind == Kind::Asks {
            if let Some(session) = self.checkouts.get_mut(id) {
                session.unconfirmed = Some(entry);
            }
            return Ok(Paid::Asks);
        }
        self.complete_checkout(session, entry)?;
        Ok(Paid::Yes)
    }

    /// The holder has told the bank whether it was them.
    ///
    /// # Errors
    /// If it was not, or nobody had asked.
    pub fn confirm_checkout(&mut self, id: &str, is_confirmed: bool) -> Result<(), Refusal> {
        let waiting = self
            .checkouts
            .get_mut(id)
            .and_then(|session| session.unconfirmed.take());
        let session = self.checkout(id)?.clone();
        match (session.state.clone(), waiting) {
            (CheckoutState::Complete { .. }, _) => Ok(()),
            (CheckoutState::Expired, _) => Err(expired()),
            (CheckoutState::Open, Some(entry)) if is_confirmed => {
                self.complete_checkout(session, entry)
            }
            (CheckoutState::Open, _) => Err(Refusal::card(
                "payment_intent_authentication_failure",
                None,
                "We are unable to authenticate your payment method. Please choose a different \
                 payment method and try again.",
            )),
        }
    }

    fn complete_checkout(&mut self, session: CheckoutSession, entry: Entry) -> Result<(), Refusal> {
        let customer = match session.customer {
            Some(customer) => customer,
            None => self.welcome(Customer {
                email: session.customer_email,
                name: entry.holder.clone(),
                ..Customer::default()
            }),
        };
        let card = self.add_card(&customer, entry)?;
        let trial_end = session
            .trial_days
            .map(|days| self.now + DAY * i64::from(days));
        let subscription = self.subscribe(NewSubscription {
            customer: customer.clone(),
            wanted: session.wanted,
            card: Some(card),
            trial_end,
            without_card: session.without_card,
            metadata: session.subscription_metadata,
            first: FirstPayment::AtTill,
        })?;
        let invoice = self.subscription(&subscription)?.latest_invoice.clone();
        if let Some(session) = self.checkouts.get_mut(&session.id) {
            session.customer = Some(customer);
            session.unconfirmed = None;
            session.state = CheckoutState::Complete {
                subscription,
                invoice,
            };
        }
        self.tell_checkout("checkout.session.completed", &session.id);
        Ok(())
    }

    /// Ends a session that nobody has paid.
    pub fn expire_checkout(&mut self, id: &str) {
        if let Some(session) = self.checkouts.get_mut(id) {
            session.state = CheckoutState::Expired;
            session.unconfirmed = None;
        }
        self.tell_checkout("checkout.session.expired", id);
    }

    fn tell_checkout(&mut self, kind: &str, id: &str) {
        let view = self
            .checkouts
            .get(id)
            .map(|session| render::checkout(self, session));
        if let Some(view) = view {
            self.tell(kind, view);
        }
    }
}

fn expired() -> Refusal {
    Refusal::invalid("This checkout session has expired.")
}
