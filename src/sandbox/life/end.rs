//! How subscriptions end.

use crate::sandbox::books::{
    Books,
    subscription::{Standing, WhyCanceled},
};

impl Books {
    /// Ends a subscription now.
    pub fn cancel(&mut self, id: &str, reason: &str) {
        self.end(id, Standing::Canceled, reason);
    }

    /// Ends a subscription whose first payment never came.
    pub(super) fn lapse(&mut self, id: &str) {
        let unpaid = self
            .subscriptions
            .get(id)
            .and_then(|subscription| subscription.latest_invoice.clone());
        self.change_subscription(id, |subscription| {
            subscription.standing = Standing::IncompleteExpired;
        });
        if let Some(invoice) = unpaid {
            self.void(&invoice);
        }
    }

    fn end(&mut self, id: &str, standing: Standing, reason: &str) {
        let now = self.now;
        let Some(subscription) = self.subscriptions.get_mut(id) else {
            return;
        };
        if subscription.standing.has_ended() {
            return;
        }
        subscription.standing = standing;
        subscription.ended_at = Some(now);
        subscription.canceled_at.get_or_insert(now);
        subscription.pending.clear();
        subscription
            .why_canceled
            .reason
            .get_or_insert_with(|| reason.to_owned());
        self.stop_collecting(id);
        self.tell_subscription("customer.subscription.deleted", id);
    }

    /// What is still open can be paid, but nobody tries to any more.
    fn stop_collecting(&mut self, subscription: &str) {
        let open: Vec<String> = self
            .invoices
            .values()
            .filter(|invoice| invoice.subscription.as_deref() == Some(subscription))
            .filter(|invoice| invoice.is_open())
            .map(|invoice| invoice.id.clone())
            .collect();
        for invoice in open {
            self.change_invoice(&invoice, |invoice| invoice.next_attempt = None);
        }
    }

    /// Has a subscription end with its period, or not after all.
    pub fn end_with_period(&mut self, id: &str, does_end: bool) {
        let now = self.now;
        self.change_subscription(id, |subscription| {
            subscription.cancel_at_period_end = does_end;
            if does_end {
                subscription.cancel_at = Some(subscription.period.end);
                subscription.canceled_at = Some(now);
                subscription.why_canceled.reason = Some("cancellation_requested".to_owned());
            } else {
                subscription.cancel_at = None;
                subscription.canceled_at = None;
                subscription.why_canceled = WhyCanceled::default();
            }
        });
    }

    /// Has a subscription end at a moment, or not after all.
    pub fn end_at(&mut self, id: &str, moment: Option<i64>) {
        let now = self.now;
        self.change_subscription(id, |subscription| {
            subscription.cancel_at_period_end = false;
            subscription.cancel_at = moment;
            subscription.canceled_at = moment.map(|_| now);
            subscription.why_canceled.reason = moment.map(|_| "cancellation_requested".to_owned());
        });
    }
}
