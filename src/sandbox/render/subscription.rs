use serde_json::{Value, json};

use super::{
    wares::{plan, price},
    whole_list, with_nulls,
};
use crate::sandbox::books::{
    Books,
    subscription::{Item, Subscription},
};

/// A subscription, with its items. Its period is on each of them.
#[must_use]
pub fn subscription(books: &Books, subscription: &Subscription) -> Value {
    let items: Vec<Value> = subscription
        .items
        .iter()
        .map(|each| item(books, subscription, each))
        .collect();
    let list = format!("/v1/subscription_items?subscription={}", subscription.id);
    let trial = subscription.trial.as_ref().map(|trial| trial.span);
    let why = &subscription.why_canceled;
    let mut object = json!({
        "id": subscription.id,
        "object": "subscription",
        "billing_cycle_anchor": subscription.anchor,
        "cancel_at": subscription.cancel_at,
        "cancel_at_period_end": subscription.cancel_at_period_end,
        "canceled_at": subscription.canceled_at,
        "cancellation_details": {
            "comment": why.comment,
            "feedback": why.feedback,
            "reason": why.reason,
        },
        "created": subscription.created,
        "currency": subscription.currency,
        "customer": subscription.customer,
        "default_payment_method": subscription.card,
        "ended_at": subscription.ended_at,
        "items": whole_list(&list, &items),
        "latest_invoice": subscription.latest_invoice,
        "metadata": subscription.metadata,
        "start_date": subscription.created,
        "status": subscription.standing.name(),
        "trial_end": trial.map(|trial| trial.end),
        "trial_settings": {
            "end_behavior": { "missing_payment_method": subscription.without_card.name() },
        },
        "trial_start": trial.map(|trial| trial.start),
    });
    if let (Some(fields), Value::Object(always)) = (object.as_object_mut(), always()) {
        fields.extend(always);
    }
    object
}

/// What is the same for every subscription here.
fn always() -> Value {
    with_nulls(
        json!({
            "automatic_tax": { "disabled_reason": null, "enabled": false, "liability": null },
            "billing_mode": { "flexible": null, "type": "classic" },
            "billing_schedules": [],
            "collection_method": "charge_automatically",
            "default_tax_rates": [],
            "discounts": [],
            "invoice_settings": {
                "account_tax_ids": null,
                "custom_fields": null,
                "description": null,
                "footer": null,
                "issuer": { "type": "self" },
            },
            "livemode": false,
            "payment_settings": {
                "payment_method_options": null,
                "payment_method_types": null,
                "save_default_payment_method": "off",
            },
        }),
        &[
            "application",
            "application_fee_percent",
            "billing_cycle_anchor_config",
            "billing_thresholds",
            "customer_account",
            "days_until_due",
            "default_source",
            "description",
            "managed_payments",
            "next_pending_invoice_item_invoice",
            "on_behalf_of",
            "pause_collection",
            "pending_invoice_item_interval",
            "pending_setup_intent",
            "pending_update",
            "schedule",
            "test_clock",
            "transfer_data",
        ],
    )
}

fn item(books: &Books, subscription: &Subscription, item: &Item) -> Value {
    let of = books.prices.get(&item.price);
    json!({
        "id": item.id,
        "object": "subscription_item",
        "billing_thresholds": null,
        "created": item.created,
        "current_period_end": subscription.period.end,
        "current_period_start": subscription.period.start,
        "discounts": [],
        "metadata": {},
        "plan": of.map(plan),
        "price": of.map(price),
        "quantity": item.quantity,
        "subscription": subscription.id,
        "tax_rates": [],
    })
}
