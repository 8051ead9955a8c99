use serde_json::{Value, json};

use crate::sandbox::books::{
    Books,
    invoice::{Invoice, Line},
};

/// A line of an invoice.
pub(super) fn line(books: &Books, invoice: &Invoice, line: &Line) -> Value {
    let price = books.prices.get(&line.price);
    let unit = price.map(|price| price.amount.to_string());
    json!({
            "id": line.id,
            "object": "line_item",
            "amount": line.amount,
            "currency": line.currency,
            "description": line.description,
            "discount_amounts": [],
            "discountable": !line.is_proration,
            "discounts": [],
            "invoice": invoice.id,
            "livemode": false,
            "metadata": invoice.subscription_metadata,
            "parent": parent(invoice, line),
            "period": { "end": line.span.end, "start": line.span.start },
            "pretax_credit_amounts": [],
            "pricing": {
                "price_details": {
                    "price": line.price,
                    "product": price.map_or("", |price| &price.product),
                },
                "type": "price_details",
                "unit_amount_decimal": unit.filter(|_| !line.is_proration),
            },
            "quantity": line.quantity,
            "quantity_decimal": line.quantity.to_string(),
            "subscription": invoice.subscription,
            "subtotal": line.amount,
            "taxes": [],
    })
}

fn parent(invoice: &Invoice, line: &Line) -> Value {
    let item = line.is_proration.then(|| line.id.replacen("il_", "ii_", 1));
    json!({
        "invoice_item_details": null,
        "subscription_item_details": {
            "invoice_item": item,
            "proration": line.is_proration,
            "proration_details": { "credited_items": null },
            "subscription": invoice.subscription,
            "subscription_item": line.item,
        },
        "type": "subscription_item_details",
    })
}
