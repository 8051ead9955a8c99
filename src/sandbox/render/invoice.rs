use serde_json::{Map, Value, json};

use super::{line::line, whole_list, with_nulls};
use crate::sandbox::books::{
    Books,
    invoice::{Invoice, InvoiceState},
};

/// An invoice, with its lines and payments.
#[must_use]
pub fn invoice(books: &Books, invoice: &Invoice) -> Value {
    let mut fields = Map::new();
    let parts = [
        about(invoice),
        amounts(invoice),
        collection(invoice),
        json!({
            "hosted_invoice_url": invoice.number.is_some().then(|| page(books, invoice)),
            "invoice_pdf": invoice
                .number
                .is_some()
                .then(|| format!("{}/pdf", page(books, invoice))),
            "lines": lines(books, invoice),
            "payments": payments(books, invoice),
        }),
    ];
    for part in parts {
        if let Value::Object(part) = part {
            fields.extend(part);
        }
    }
    with_nulls(
        Value::Object(fields),
        &[
            "account_tax_ids",
            "application",
            "automatically_finalizes_at",
            "custom_fields",
            "customer_account",
            "customer_address",
            "customer_phone",
            "customer_shipping",
            "default_payment_method",
            "default_source",
            "description",
            "due_date",
            "footer",
            "from_invoice",
            "last_finalization_error",
            "latest_revision",
            "on_behalf_of",
            "receipt_number",
            "rendering",
            "shipping_cost",
            "shipping_details",
            "statement_descriptor",
            "subscription",
            "test_clock",
            "threshold_reason",
        ],
    )
}

/// Where the invoice can be seen and paid.
fn page(books: &Books, invoice: &Invoice) -> String {
    format!("{}/invoice/{}", books.base, invoice.secret)
}

fn about(invoice: &Invoice) -> Value {
    let parent = invoice.subscription.as_ref().map(|subscription| {
        json!({
            "quote_details": null,
            "subscription_details": {
                "metadata": invoice.subscription_metadata,
                "subscription": subscription,
            },
            "type": "subscription_details",
        })
    });
    json!({
        "id": invoice.id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Atrium",
        "billing_reason": invoice.reason.name(),
        "created": invoice.created,
        "currency": invoice.currency,
        "customer": invoice.customer,
        "customer_email": invoice.customer_email,
        "customer_name": invoice.customer_name,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "effective_at": invoice.finalized_at,
        "issuer": { "type": "self" },
        "livemode": false,
        "metadata": {},
        "number": invoice.number,
        "parent": parent,
        "period_end": invoice.span.end,
        "period_start": invoice.span.start,
    })
}

fn amounts(invoice: &Invoice) -> Value {
    let total = invoice.total();
    json!({
        "amount_due": invoice.amount_due,
        "amount_overpaid": 0,
        "amount_paid": invoice.amount_paid(),
        "amount_paid_off_stripe": 0,
        "amount_remaining": invoice.amount_due - invoice.amount_paid(),
        "amount_shipping": 0,
        "ending_balance": invoice.ending_balance,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": invoice.starting_balance,
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    })
}

fn collection(invoice: &Invoice) -> Value {
    json!({
        "attempt_count": invoice.attempts,
        "attempted": invoice.attempts > 0 || invoice.state == InvoiceState::Paid,
        "auto_advance": invoice.next_attempt.is_some(),
        "automatic_tax": {
            "disabled_reason": null,
            "enabled": false,
            "liability": null,
            "provider": null,
            "status": null,
        },
        "collection_method": "charge_automatically",
        "next_payment_attempt": invoice.next_attempt,
        "payment_settings": {
            "default_mandate": null,
            "payment_method_options": null,
            "payment_method_types": null,
        },
        "status": invoice.state.name(),
        "status_transitions": {
            "finalized_at": invoice.finalized_at,
            "marked_uncollectible_at": null,
            "paid_at": invoice.paid_at,
            "voided_at": invoice.voided_at,
        },
        "webhooks_delivered_at": invoice.finalized_at,
    })
}

fn lines(books: &Books, invoice: &Invoice) -> Value {
    let lines: Vec<Value> = invoice
        .lines
        .iter()
        .map(|each| line(books, invoice, each))
        .collect();
    let mut list = whole_list(&format!("/v1/invoices/{}/lines", invoice.id), &lines);
    if let Some(fields) = list.as_object_mut() {
        fields.insert("total_count".to_owned(), lines.len().into());
    }
    list
}

fn payments(books: &Books, invoice: &Invoice) -> Value {
    let payments: Vec<Value> = invoice
        .intent
        .iter()
        .filter_map(|intent| books.intents.get(intent))
        .map(|intent| {
            json!({
                "id": intent.id.replacen("pi_", "inpay_", 1),
                "object": "invoice_payment",
                "amount_paid": intent.has_succeeded.then_some(intent.amount),
                "amount_requested": intent.amount,
                "created": intent.created,
                "currency": intent.currency,
                "invoice": invoice.id,
                "is_default": true,
                "livemode": false,
                "payment": { "payment_intent": intent.id, "type": "payment_intent" },
                "status": if intent.has_succeeded { "paid" } else { "open" },
                "status_transitions": { "canceled_at": null, "paid_at": invoice.paid_at },
            })
        })
        .collect();
    whole_list(
        &format!("/v1/invoice_payments?invoice={}", invoice.id),
        &payments,
    )
}
