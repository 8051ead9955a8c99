//! Making out invoices.

use crate::sandbox::{
    books::{
        Books,
        invoice::{Invoice, InvoiceState, Line, Reason},
        subscription::{Span, Subscription},
    },
    ids,
};

impl Books {
    /// An invoice as it would be made out now. Nobody owes it yet.
    #[must_use]
    pub fn draft(
        &self,
        id: &str,
        subscription: &Subscription,
        reason: Reason,
        span: Span,
        lines: Vec<Line>,
    ) -> Invoice {
        let customer = self.customers.get(&subscription.customer);
        let balance = customer.map_or(0, |customer| customer.balance);
        let total: i64 = lines.iter().map(|line| line.amount).sum();
        Invoice {
            id: id.to_owned(),
            secret: ids::letters(32),
            number: None,
            created: self.now,
            customer: subscription.customer.clone(),
            customer_email: customer.and_then(|customer| customer.email.clone()),
            customer_name: customer.and_then(|customer| customer.name.clone()),
            subscription: Some(subscription.id.clone()).filter(|id| !id.is_empty()),
            subscription_metadata: subscription.metadata.clone(),
            reason,
            state: InvoiceState::Draft,
            currency: subscription.currency.clone(),
            span,
            lines,
            starting_balance: balance,
            ending_balance: None,
            amount_due: (total + balance).max(0),
            attempts: 0,
            first_attempt: None,
            next_attempt: None,
            intent: None,
            finalized_at: None,
            paid_at: None,
            voided_at: None,
        }
    }

    /// Makes out an invoice. One over nothing is paid at once.
    pub fn bill(&mut self, id: &str, subscription: &str, reason: Reason, lines: Vec<Line>) {
        let Some(subscription) = self.subscriptions.get(subscription).cloned() else {
            return;
        };
        let invoice = self.draft(id, &subscription, reason, subscription.period, lines);
        let owes_nothing = invoice.amount_due == 0;
        self.invoices.insert(id.to_owned(), invoice);
        self.tell_invoice("invoice.created", id);
        self.finalize(id);
        self.tell_invoice("invoice.finalized", id);
        if owes_nothing {
            self.settle(id, 0);
        }
    }

    /// Gives an invoice its number and uses up the customer's balance.
    fn finalize(&mut self, id: &str) {
        let now = self.now;
        let Some(invoice) = self.invoices.get_mut(id) else {
            return;
        };
        let rest = (invoice.total() + invoice.starting_balance).min(0);
        invoice.state = InvoiceState::Open;
        invoice.finalized_at = Some(now);
        invoice.ending_balance = Some(rest);
        let (of, currency) = (invoice.customer.clone(), invoice.currency.clone());
        if let Some(customer) = self.customers.get_mut(&of) {
            let number = format!("{}-{:04}", customer.invoice_prefix, customer.next_invoice);
            invoice.number = Some(number);
            customer.next_invoice += 1;
            customer.currency = Some(currency);
        }
        self.change_customer(&of, |customer| customer.balance = rest);
    }

    /// Adds what waits for the next invoice to the lines of a period.
    pub(super) fn with_pending(&mut self, subscription: &str, lines: Vec<Line>) -> Vec<Line> {
        let pending = self
            .subscriptions
            .get_mut(subscription)
            .map(|subscription| std::mem::take(&mut subscription.pending))
            .unwrap_or_default();
        pending.into_iter().chain(lines).collect()
    }

    /// Strikes an invoice that nobody will pay.
    pub(super) fn void(&mut self, id: &str) {
        let now = self.now;
        self.change_invoice(id, |invoice| {
            invoice.state = InvoiceState::Void;
            invoice.voided_at = Some(now);
            invoice.next_attempt = None;
        });
        self.tell_invoice("invoice.voided", id);
    }
}
