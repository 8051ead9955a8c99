use serde_json::{Value, json};

use super::with_nulls;
use crate::sandbox::books::invoice::{Intent, Refund};

/// An attempt to take money.
#[must_use]
pub fn intent(intent: &Intent) -> Value {
    let (status, received) = if intent.has_succeeded {
        ("succeeded", intent.amount)
    } else {
        ("requires_payment_method", 0)
    };
    let charge = (intent.has_succeeded || intent.error.is_some()).then_some(&intent.charge);
    with_nulls(
        json!({
            "id": intent.id,
            "object": "payment_intent",
            "amount": intent.amount,
            "amount_capturable": 0,
            "amount_details": { "tip": {} },
            "amount_received": received,
            "capture_method": "automatic",
            "client_secret": format!("{}_secret_sandbox", intent.id),
            "confirmation_method": "automatic",
            "created": intent.created,
            "currency": intent.currency,
            "customer": intent.customer,
            "description": "Subscription",
            "last_payment_error": intent.error,
            "latest_charge": charge,
            "livemode": false,
            "metadata": {},
            "payment_method": intent.card,
            "payment_method_options": {},
            "payment_method_types": ["card"],
            "setup_future_usage": "off_session",
            "status": status,
        }),
        &[
            "application",
            "application_fee_amount",
            "automatic_payment_methods",
            "canceled_at",
            "cancellation_reason",
            "customer_account",
            "excluded_payment_method_types",
            "managed_payments",
            "next_action",
            "on_behalf_of",
            "payment_method_configuration_details",
            "processing",
            "receipt_email",
            "review",
            "shipping",
            "source",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        ],
    )
}

#[must_use]
pub fn refund(refund: &Refund) -> Value {
    with_nulls(
        json!({
            "id": refund.id,
            "object": "refund",
            "amount": refund.amount,
            "charge": refund.charge,
            "created": refund.created,
            "currency": refund.currency,
            "destination_details": {
                "card": {
                    "reference": null,
                    "reference_status": "pending",
                    "reference_type": "acquirer_reference_number",
                    "type": "refund",
                },
                "type": "card",
            },
            "metadata": refund.metadata,
            "payment_intent": refund.intent,
            "reason": refund.reason,
            "status": "succeeded",
        }),
        &[
            "balance_transaction",
            "receipt_number",
            "source_transfer_reversal",
            "transfer_reversal",
        ],
    )
}
