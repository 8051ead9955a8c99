use serde_json::{Value, json};

use super::with_nulls;
use crate::sandbox::books::{Books, Customer};

/// A customer; of one that was deleted there is little left.
#[must_use]
pub fn customer(books: &Books, customer: &Customer) -> Value {
    if customer.is_deleted {
        return json!({ "id": customer.id, "object": "customer", "deleted": true });
    }
    let owes = books.invoices.values().any(|invoice| {
        invoice.customer == customer.id && invoice.is_open() && invoice.attempts > 0
    });
    with_nulls(
        json!({
            "id": customer.id,
            "object": "customer",
            "balance": customer.balance,
            "created": customer.created,
            "currency": customer.currency,
            "delinquent": owes,
            "description": customer.description,
            "email": customer.email,
            "invoice_prefix": customer.invoice_prefix,
            "invoice_settings": {
                "custom_fields": null,
                "default_payment_method": customer.default_card,
                "footer": null,
                "rendering_options": null,
            },
            "livemode": false,
            "metadata": customer.metadata,
            "name": customer.name,
            "next_invoice_sequence": customer.next_invoice,
            "phone": customer.phone,
            "preferred_locales": [],
            "tax_exempt": "none",
        }),
        &[
            "address",
            "business_name",
            "customer_account",
            "default_source",
            "discount",
            "individual_name",
            "shipping",
            "test_clock",
        ],
    )
}
