use serde_json::{Value, json};

use super::with_nulls;
use crate::sandbox::books::card::Card;

/// A card, which is the one kind of payment method there is here.
#[must_use]
pub fn card(card: &Card) -> Value {
    json!({
        "id": card.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": with_nulls(
                json!({}),
                &["city", "country", "line1", "line2", "postal_code", "state"],
            ),
            "email": card.email,
            "name": card.holder,
            "phone": null,
            "tax_id": null,
        },
        "card": details(card),
        "created": card.created,
        "customer": card.customer,
        "customer_account": null,
        "livemode": false,
        "metadata": card.metadata,
        "type": "card",
    })
}

fn details(card: &Card) -> Value {
    let brand = card.kind.brand();
    with_nulls(
        json!({
            "brand": brand,
            "checks": {
                "address_line1_check": null,
                "address_postal_code_check": null,
                "cvc_check": "pass",
            },
            "country": "US",
            "display_brand": brand,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "fingerprint": format!("sandbox{}{}", brand, card.kind.last4()),
            "funding": "credit",
            "last4": card.kind.last4(),
            "networks": { "available": [brand], "preferred": null },
            "three_d_secure_usage": { "supported": true },
        }),
        &["generated_from", "regulated_status", "wallet"],
    )
}
