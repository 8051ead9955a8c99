//! Taking money for invoices.

use crate::sandbox::{
    books::{
        Books,
        card::{self, Kind},
        invoice::{Intent, Invoice, InvoiceState},
        rules::{AfterRetries, Payments},
        subscription::Standing,
    },
    moment::DAY,
    refusal::Refusal,
    render,
};

/// When a payment that failed is tried again, counted from the first try.
const RETRIES: [i64; 3] = [3 * DAY, 5 * DAY, 7 * DAY];

/// Who has a payment made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// Somebody who buys, with the card in hand.
    Till,
    /// Somebody who owes already.
    Asked,
    /// Nobody: it is due.
    Due,
}

impl Books {
    /// The card that pays for a subscription.
    #[must_use]
    pub fn payer(&self, customer: &str, subscription: Option<&str>) -> Option<String> {
        let own = subscription
            .and_then(|subscription| self.subscriptions.get(subscription))
            .and_then(|subscription| subscription.card.clone());
        own.or_else(|| {
            let customer = self.customers.get(customer)?;
            customer.default_card.clone()
        })
    }

    /// What the bank would say to a charge.
    ///
    /// # Errors
    /// With its words, if that is no.
    pub fn verdict(&self, card: Option<&str>, scene: Scene) -> Result<(), Refusal> {
        let Some(card) = card.and_then(|card| self.cards.get(card)) else {
            return Err(
                Refusal::invalid("There is no payment method on file to pay with.")
                    .with_code("resource_missing"),
            );
        };
        self.verdict_on(card.kind, scene)
    }

    /// # Errors
    /// As `verdict`.
    pub fn verdict_on(&self, kind: Kind, scene: Scene) -> Result<(), Refusal> {
        if self.rules.payments == Payments::AllDeclined {
            return Err(card::declined());
        }
        if kind == Kind::FailsLater && scene != Scene::Till {
            return Err(card::declined());
        }
        kind.check()
    }

    /// Tries to have an open invoice paid.
    ///
    /// # Errors
    /// With what the bank says, which is noted and told by then.
    pub fn collect(
        &mut self,
        invoice: &str,
        card: Option<String>,
        scene: Scene,
    ) -> Result<(), Refusal> {
        let open = self.invoice(invoice)?.clone();
        if !open.is_open() {
            return Ok(());
        }
        let card = card.or_else(|| self.payer(&open.customer, open.subscription.as_deref()));
        let verdict = self.verdict(card.as_deref(), scene);
        self.note_attempt(&open, card, verdict.as_ref().err());
        match verdict {
            Ok(()) => {
                self.tell_intent("payment_intent.succeeded", invoice);
                let counts = scene == Scene::Due || open.attempts == 0;
                self.settle(invoice, u32::from(counts));
                Ok(())
            }
            Err(refusal) => {
                self.tell_intent("payment_intent.payment_failed", invoice);
                self.fall_behind(invoice, scene);
                Err(refusal)
            }
        }
    }

    /// The payment of an invoice as it now stands: one for all its attempts.
    fn note_attempt(&mut self, invoice: &Invoice, card: Option<String>, refusal: Option<&Refusal>) {
        let id = match &invoice.intent {
            Some(id) => id.clone(),
            None => self.open_intent(invoice),
        };
        let charge = self.id("ch");
        if let Some(intent) = self.intents.get_mut(&id) {
            intent.charge = charge;
            intent.has_succeeded = refusal.is_none();
            intent.error = refusal.map(Refusal::error);
            intent.card = card.filter(|_| refusal.is_none());
        }
    }

    fn open_intent(&mut self, invoice: &Invoice) -> String {
        let intent = Intent {
            id: self.id("pi"),
            created: self.now,
            charge: String::new(),
            amount: invoice.amount_due,
            currency: invoice.currency.clone(),
            customer: invoice.customer.clone(),
            invoice: invoice.id.clone(),
            card: None,
            error: None,
            has_succeeded: false,
            refunded: 0,
        };
        let id = intent.id.clone();
        self.intents.insert(id.clone(), intent);
        if let Some(invoice) = self.invoices.get_mut(&invoice.id) {
            invoice.intent = Some(id.clone());
        }
        id
    }

    fn tell_intent(&mut self, kind: &str, invoice: &str) {
        let view = self
            .invoices
            .get(invoice)
            .and_then(|invoice| self.intents.get(invoice.intent.as_ref()?))
            .map(render::intent);
        if let Some(view) = view {
            self.tell(kind, view);
        }
    }

    /// Notes that an invoice is paid, after so many more tries, with all that
    /// follows from it.
    pub(super) fn settle(&mut self, id: &str, tries: u32) {
        let now = self.now;
        self.change_invoice(id, |invoice| {
            invoice.attempts += tries;
            invoice.state = InvoiceState::Paid;
            invoice.paid_at = Some(now);
            invoice.next_attempt = None;
        });
        self.tell_invoice("invoice.paid", id);
        self.tell_invoice("invoice.payment_succeeded", id);
        let of = self
            .invoices
            .get(id)
            .and_then(|invoice| invoice.subscription.clone());
        if let Some(subscription) = of {
            self.recover(&subscription, id);
        }
    }

    /// A subscription whose last invoice is paid is in order again.
    fn recover(&mut self, id: &str, paid: &str) {
        let Some(subscription) = self.subscriptions.get(id) else {
            return;
        };
        let owes = self
            .invoices
            .values()
            .any(|invoice| invoice.subscription.as_deref() == Some(id) && invoice.is_open());
        let was = subscription.standing;
        let is_behind = matches!(
            was,
            Standing::Incomplete | Standing::PastDue | Standing::Unpaid | Standing::Paused
        );
        let is_last = subscription.latest_invoice.as_deref() == Some(paid);
        if !is_behind || (owes && !is_last) {
            return;
        }
        self.change_subscription(id, |subscription| {
            subscription.standing = Standing::Active;
        });
        if was == Standing::Paused {
            self.tell_subscription("customer.subscription.resumed", id);
        }
    }

    /// Notes that an invoice could not be collected, with all that follows.
    fn fall_behind(&mut self, id: &str, scene: Scene) {
        let Ok(invoice) = self.invoice(id) else {
            return;
        };
        let of = invoice.subscription.clone().unwrap_or_default();
        let standing = self.subscriptions.get(&of).map(|of| of.standing);
        let is_retried = matches!(
            standing,
            Some(Standing::Active | Standing::PastDue | Standing::Trialing)
        );
        let counts = scene == Scene::Due || invoice.attempts == 0;
        let now = self.now;
        let mut is_last = false;
        self.change_invoice(id, |invoice| {
            let first = *invoice.first_attempt.get_or_insert(now);
            invoice.attempts += u32::from(counts);
            if counts {
                let next = retry_after(invoice.attempts).map(|after| first + after);
                is_last = is_retried && next.is_none();
                invoice.next_attempt = next.filter(|_| is_retried);
            }
        });
        self.tell_invoice("invoice.payment_failed", id);
        if standing == Some(Standing::Active) {
            self.change_subscription(&of, |subscription| {
                subscription.standing = Standing::PastDue;
            });
        }
        if is_last {
            self.give_up(&of);
        }
    }

    /// The last try has failed.
    fn give_up(&mut self, subscription: &str) {
        match self.rules.after_retries {
            AfterRetries::Cancel => self.cancel(subscription, "payment_failed"),
            AfterRetries::Unpaid => self.change_subscription(subscription, |subscription| {
                subscription.standing = Standing::Unpaid;
            }),
            AfterRetries::PastDue => {}
        }
    }
}

/// How long after the first of so many tries the next one is.
fn retry_after(tries: u32) -> Option<i64> {
    let index = usize::try_from(tries.checked_sub(1)?).ok()?;
    RETRIES.get(index).copied()
}
