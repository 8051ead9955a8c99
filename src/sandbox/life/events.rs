//! Telling what happened.

use serde_json::{Map, Value, json};

use crate::sandbox::{
    books::{
        Books, Customer,
        event::{Event, Ticket},
        invoice::Invoice,
        subscription::Subscription,
    },
    ids, moment, render,
};

/// The most events that are kept once they are delivered.
const KEPT: usize = 10_000;
/// Within how many milliseconds events arrive in any order, at the least.
const SHUFFLED_OVER: u32 = 300;

impl Books {
    /// Tells of an object as it is now.
    pub fn tell(&mut self, kind: &str, object: Value) {
        self.write(kind, json!({ "object": object }));
    }

    /// Tells what has changed of an object, if anything has.
    fn tell_change(&mut self, kind: &str, before: &Value, after: Value) {
        if let Some(previous) = difference(before, &after) {
            self.write(
                kind,
                json!({ "object": after, "previous_attributes": previous }),
            );
        }
    }

    fn write(&mut self, kind: &str, data: Value) {
        let id = self.id("evt");
        let body = json!({
            "id": id,
            "object": "event",
            "api_version": render::API_VERSION,
            "created": self.now,
            "data": data,
            "livemode": false,
            "pending_webhooks": i32::from(self.webhook.url.is_some()),
            "request": {
                "id": self.asked.id,
                "idempotency_key": self.asked.idempotency_key,
            },
            "type": kind,
        });
        let event = Event {
            id: id.clone(),
            kind: kind.to_owned(),
            created: self.now,
            body: body.to_string(),
            attempts: 0,
            last_status: None,
            delivered: 0,
        };
        self.events.insert(id.clone(), event);
        for _ in 0..self.webhook.copies {
            self.owe(&id);
        }
        self.forget_old_events();
    }

    /// Has an event delivered, once more if it was before. With nobody to
    /// deliver it to, nothing is owed.
    pub fn owe(&mut self, event: &str) {
        if self.webhook.url.is_none() {
            return;
        }
        self.counted += 1;
        let delay = if self.webhook.shuffle {
            let most = self.webhook.delay_ms.max(SHUFFLED_OVER);
            ids::up_to(most)
        } else {
            self.webhook.delay_ms
        };
        self.owed.push(Ticket {
            number: self.counted,
            event: event.to_owned(),
            attempts: 0,
            due: moment::wall_millis() + i64::from(delay),
            is_under_way: false,
        });
    }

    fn forget_old_events(&mut self) {
        if self.events.len() <= KEPT {
            return;
        }
        let oldest = self.events.keys().next().cloned();
        if let Some(oldest) = oldest
            && !self.owed.iter().any(|ticket| ticket.event == oldest)
        {
            self.events.remove(&oldest);
        }
    }

    /// Changes a subscription and tells what has changed.
    pub fn change_subscription(&mut self, id: &str, change: impl FnOnce(&mut Subscription)) {
        let view = |books: &Self| {
            let subscription = books.subscriptions.get(id)?;
            Some(render::subscription(books, subscription))
        };
        let before = view(self);
        if let Some(subscription) = self.subscriptions.get_mut(id) {
            change(subscription);
        }
        if let (Some(before), Some(after)) = (before, view(self)) {
            self.tell_change("customer.subscription.updated", &before, after);
        }
    }

    /// Changes a customer and tells what has changed.
    pub fn change_customer(&mut self, id: &str, change: impl FnOnce(&mut Customer)) {
        let view = |books: &Self| Some(render::customer(books, books.customers.get(id)?));
        let before = view(self);
        if let Some(customer) = self.customers.get_mut(id) {
            change(customer);
        }
        if let (Some(before), Some(after)) = (before, view(self)) {
            self.tell_change("customer.updated", &before, after);
        }
    }

    /// Changes an invoice and tells what has changed.
    pub fn change_invoice(&mut self, id: &str, change: impl FnOnce(&mut Invoice)) {
        let view = |books: &Self| Some(render::invoice(books, books.invoices.get(id)?));
        let before = view(self);
        if let Some(invoice) = self.invoices.get_mut(id) {
            change(invoice);
        }
        if let (Some(before), Some(after)) = (before, view(self)) {
            self.tell_change("invoice.updated", &before, after);
        }
    }

    pub(super) fn tell_subscription(&mut self, kind: &str, id: &str) {
        let view = self
            .subscriptions
            .get(id)
            .map(|subscription| render::subscription(self, subscription));
        if let Some(view) = view {
            self.tell(kind, view);
        }
    }

    pub(super) fn tell_invoice(&mut self, kind: &str, id: &str) {
        let view = self
            .invoices
            .get(id)
            .map(|invoice| render::invoice(self, invoice));
        if let Some(view) = view {
            self.tell(kind, view);
        }
    }
}

/// What an object was before, of that which has changed. Lists are told whole.
fn difference(before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before != after).then(|| before.clone());
    };
    let mut changed = Map::new();
    for (name, was) in old {
        if let Some(was) = difference(was, new.get(name).unwrap_or(&Value::Null)) {
            changed.insert(name.clone(), was);
        }
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        changed.insert(name.clone(), Value::Null);
    }
    (!changed.is_empty()).then_some(Value::Object(changed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_as_it_was() {
        let before = json!({ "a": 1, "b": { "c": 2, "d": 3 }, "e": [1, 2] });
        let after = json!({ "a": 1, "b": { "c": 9, "d": 3 }, "e": [1], "f": 5 });
        assert_eq!(
            difference(&before, &after),
            Some(json!({ "b": { "c": 2 }, "e": [1, 2], "f": null }))
        );
        assert_eq!(difference(&before, &before), None);
    }
}
