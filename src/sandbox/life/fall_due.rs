//! The clock: whatever falls due happens at its moment and in its order.

use crate::sandbox::{
    books::{
        Books,
        invoice::Reason,
        subscription::{Standing, Subscription, Trial, WithoutCard},
    },
    life::collect::Scene,
    moment::{self, Moment},
};

/// What the passing of time brings about. At the same moment the first named
/// here comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    CheckoutExpires(String),
    TrialEndsSoon(String),
    Ends(String),
    Lapses(String),
    IsCollected(String),
    Renews(String),
}

impl Books {
    /// Brings the sandbox's clock up to the one on the wall, so far ahead as it
    /// is set. True if something happened on the way.
    pub fn catch_up(&mut self) -> bool {
        self.pass_until(moment::wall() + self.ahead)
    }

    /// Sets the clock forward.
    pub fn set_clock(&mut self, to: Moment) {
        self.pass_until(to);
        self.ahead = self.now - moment::wall();
    }

    /// Lets time pass, step by step.
    pub fn pass_until(&mut self, then: Moment) -> bool {
        let mut has_happened = false;
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= then) {
            self.now = self.now.max(at);
            self.happen(due);
            has_happened = true;
        }
        self.now = self.now.max(then);
        has_happened
    }

    fn next_due(&self) -> Option<(Moment, Due)> {
        let expiring = self
            .checkouts
            .values()
            .filter(|session| session.is_open())
            .map(|session| (session.expires_at, Due::CheckoutExpires(session.id.clone())));
        let subscriptions = self.subscriptions.values().filter_map(next_of);
        let unpaid = self.invoices.values().filter_map(|invoice| {
            let at = invoice.next_attempt.filter(|_| invoice.is_open())?;
            Some((at, Due::IsCollected(invoice.id.clone())))
        });
        expiring.chain(subscriptions).chain(unpaid).min()
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::CheckoutExpires(id) => self.expire_checkout(&id),
            Due::TrialEndsSoon(id) => self.announce_trial_end(&id),
            Due::Ends(id) => self.cancel(&id, "cancellation_requested"),
            Due::Lapses(id) => self.lapse(&id),
            Due::IsCollected(id) => {
                // What it comes to is told as events.
                let _told = self.collect(&id, None, Scene::Due);
            }
            Due::Renews(id) => self.renew(&id),
        }
    }

    fn announce_trial_end(&mut self, id: &str) {
        if let Some(subscription) = self.subscriptions.get_mut(id)
            && let Some(trial) = &mut subscription.trial
        {
            trial.is_announced = true;
        }
        self.tell_subscription("customer.subscription.trial_will_end", id);
    }

    /// Begins the next period, and asks for its price.
    fn renew(&mut self, id: &str) {
        let Some(subscription) = self.subscriptions.get(id) else {
            return;
        };
        let was = subscription.standing;
        let without_card = subscription.without_card;
        let has_card = self.payer(&subscription.customer, Some(id)).is_some();
        if was == Standing::Trialing && !has_card && without_card != WithoutCard::CreateInvoice {
            self.end_trial_without_card(id, without_card);
            return;
        }
        let invoice = self.id("in");
        self.change_subscription(id, |subscription| {
            if was == Standing::Trialing {
                subscription.standing = Standing::Active;
                subscription.restart(subscription.period.end);
            } else {
                subscription.turn();
            }
            if was != Standing::Unpaid {
                subscription.latest_invoice = Some(invoice.clone());
            }
        });
        // Nothing more is asked for where the last wasn't paid for good.
        if was == Standing::Unpaid {
            return;
        }
        let lines = self
            .subscriptions
            .get(id)
            .map(|subscription| self.period_lines(subscription, subscription.period))
            .unwrap_or_default();
        let lines = self.with_pending(id, lines);
        self.bill(&invoice, id, Reason::Cycle, lines);
        // What it comes to is told as events.
        let _told = self.collect(&invoice, None, Scene::Due);
    }

    fn end_trial_without_card(&mut self, id: &str, then: WithoutCard) {
        if then == WithoutCard::Cancel {
            self.cancel(id, "payment_failed");
            return;
        }
        self.change_subscription(id, |subscription| {
            subscription.standing = Standing::Paused;
        });
        self.tell_subscription("customer.subscription.paused", id);
    }
}

/// What comes next of a subscription, and when.
fn next_of(subscription: &Subscription) -> Option<(Moment, Due)> {
    let standing = subscription.standing;
    if standing.has_ended() {
        return None;
    }
    let id = || subscription.id.clone();
    let announcement = subscription
        .trial
        .as_ref()
        .filter(|trial| standing == Standing::Trialing && !trial.is_announced)
        .map(|trial| (trial.span.end - Trial::NOTICE, Due::TrialEndsSoon(id())));
    let end = subscription.cancel_at.map(|at| (at, Due::Ends(id())));
    let lapse = (standing == Standing::Incomplete).then(|| {
        let at = subscription.created + Subscription::GRACE;
        (at, Due::Lapses(id()))
    });
    let renewal = standing
        .renews()
        .then(|| (subscription.period.end, Due::Renews(id())));
    [announcement, end, lapse, renewal]
        .into_iter()
        .flatten()
        .min()
}
