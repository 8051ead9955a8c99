//! How subscriptions begin, pause and go on.

use crate::sandbox::{
    books::{
        Books, Metadata,
        invoice::Reason,
        session::Wanted,
        subscription::{Item, Span, Standing, Subscription, Trial, WhyCanceled, WithoutCard},
    },
    life::collect::Scene,
    moment::Moment,
    refusal::Refusal,
};

/// What a subscription begins with.
#[derive(Clone, Debug)]
pub struct NewSubscription {
    pub customer: String,
    pub wanted: Vec<Wanted>,
    pub card: Option<String>,
    pub trial_end: Option<Moment>,
    pub without_card: WithoutCard,
    pub metadata: Metadata,
    pub first: FirstPayment,
}

/// What becomes of the first payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstPayment {
    /// It was made sure at the till.
    AtTill,
    /// It is tried; failing leaves an incomplete subscription.
    Tried,
    /// It is tried; failing leaves nothing.
    OrNothing,
    /// It is left to somebody.
    Later,
}

impl Books {
    /// Begins a subscription.
    ///
    /// # Errors
    /// If something that is named isn't there, or the payment fails and
    /// nothing was to be left then.
    pub fn subscribe(&mut self, new: NewSubscription) -> Result<String, Refusal> {
        let first = new.first;
        let subscription = self.outline(new)?;
        let (id, invoice) = (subscription.id.clone(), self.id("in"));
        let lines = self.period_lines(&subscription, subscription.period);
        let owed: i64 = lines.iter().map(|line| line.amount).sum();
        self.make_sure(&subscription, first, owed)?;
        let subscription = Subscription {
            latest_invoice: Some(invoice.clone()),
            ..subscription
        };
        self.subscriptions.insert(id.clone(), subscription);
        self.tell_subscription("customer.subscription.created", &id);
        self.bill(&invoice, &id, Reason::Create, lines);
        let scene = match first {
            FirstPayment::AtTill => Some(Scene::Till),
            FirstPayment::Tried | FirstPayment::OrNothing => Some(Scene::Asked),
            FirstPayment::Later => None,
        };
        if let Some(scene) = scene {
            // What it comes to is the subscription's standing.
            let _told = self.collect(&invoice, None, scene);
        }
        Ok(id)
    }

    /// Refuses what couldn't even begin.
    fn make_sure(
        &self,
        subscription: &Subscription,
        first: FirstPayment,
        owed: i64,
    ) -> Result<(), Refusal> {
        if owed == 0 || first == FirstPayment::Later {
            return Ok(());
        }
        let card = subscription
            .card
            .clone()
            .or_else(|| self.payer(&subscription.customer, None));
        if card.is_none() {
            return Err(Refusal::invalid(
                "This customer has no attached payment source or default payment method. \
                 Please consider adding a default payment method.",
            )
            .with_code("resource_missing"));
        }
        if first == FirstPayment::OrNothing {
            self.verdict(card.as_deref(), Scene::Asked)?;
        }
        Ok(())
    }

    fn outline(&mut self, new: NewSubscription) -> Result<Subscription, Refusal> {
        self.named_customer(&new.customer)?;
        let mut items = Vec::new();
        for wanted in &new.wanted {
            self.named_price(&wanted.price, "items[0][price]")?;
            items.push(Item {
                id: self.id("si"),
                created: self.now,
                price: wanted.price.clone(),
                quantity: wanted.quantity,
            });
        }
        let currency = self.one_currency(&items)?;
        let every = self.every(&items);
        let trial = new.trial_end.map(|end| Trial {
            span: Span {
                start: self.now,
                end,
            },
            is_announced: false,
        });
        let whole = Span {
            start: self.now,
            end: every.after(self.now, 1),
        };
        Ok(Subscription {
            id: self.id("sub"),
            created: self.now,
            customer: new.customer,
            standing: if trial.is_some() {
                Standing::Trialing
            } else {
                Standing::Incomplete
            },
            items,
            currency,
            every,
            anchor: trial.as_ref().map_or(self.now, |trial| trial.span.end),
            turns: 0,
            period: trial.as_ref().map_or(whole, |trial| trial.span),
            cancel_at_period_end: false,
            cancel_at: None,
            canceled_at: None,
            ended_at: None,
            why_canceled: WhyCanceled::default(),
            card: new.card,
            latest_invoice: None,
            metadata: new.metadata,
            trial,
            without_card: new.without_card,
            pending: Vec::new(),
        })
    }

    /// The currency of all items.
    ///
    /// # Errors
    /// If there are none, or several currencies or intervals.
    pub fn one_currency(&self, items: &[Item]) -> Result<String, Refusal> {
        let mut prices = items.iter().filter_map(|item| self.prices.get(&item.price));
        let Some(first) = prices.next() else {
            return Err(Refusal::required("items"));
        };
        if prices.any(|price| price.currency != first.currency || price.every != first.every) {
            return Err(Refusal::invalid(
                "All prices of a subscription must have the same currency and interval.",
            ));
        }
        Ok(first.currency.clone())
    }

    /// Has a paused subscription go on, from now.
    ///
    /// # Errors
    /// If it isn't paused.
    pub fn resume(&mut self, id: &str) -> Result<(), Refusal> {
        let subscription = self.subscription(id)?;
        if subscription.standing != Standing::Paused {
            return Err(Refusal::invalid(
                "You can only resume a subscription that is paused.",
            ));
        }
        let (now, invoice) = (self.now, self.id("in"));
        self.change_subscription(id, |subscription| {
            subscription.restart(now);
            subscription.latest_invoice = Some(invoice.clone());
        });
        let subscription = self.subscription(id)?.clone();
        let lines = self.period_lines(&subscription, subscription.period);
        let lines = self.with_pending(id, lines);
        self.bill(&invoice, id, Reason::Update, lines);
        // Unless it is paid, it stays paused.
        let _told = self.collect(&invoice, None, Scene::Asked);
        Ok(())
    }

    /// Has a trial end at another moment, which may be now.
    ///
    /// # Errors
    /// If there is no trial under way.
    pub fn move_trial_end(&mut self, id: &str, end: Moment) -> Result<(), Refusal> {
        if self.subscription(id)?.standing != Standing::Trialing {
            return Err(Refusal::invalid("This subscription is not in a trial.").about("trial_end"));
        }
        self.change_subscription(id, |subscription| {
            subscription.period.end = end;
            subscription.anchor = end;
            if let Some(trial) = &mut subscription.trial {
                trial.span.end = end;
                trial.is_announced = false;
            }
        });
        self.pass_until(self.now);
        Ok(())
    }
}
