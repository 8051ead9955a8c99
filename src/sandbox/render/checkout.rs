use serde_json::{Map, Value, json};

use super::with_nulls;
use crate::sandbox::books::{
    Books,
    session::{CheckoutSession, CheckoutState},
};

/// A visit to the till.
#[must_use]
pub fn checkout(books: &Books, session: &CheckoutSession) -> Value {
    let mut fields = Map::new();
    for part in [asked(session), became(books, session)] {
        if let Value::Object(part) = part {
            fields.extend(part);
        }
    }
    with_nulls(
        Value::Object(fields),
        &[
            "after_expiration",
            "client_secret",
            "collected_information",
            "consent",
            "consent_collection",
            "currency_conversion",
            "customer_account",
            "customer_creation",
            "discounts",
            "integration_identifier",
            "invoice_creation",
            "managed_payments",
            "origin_context",
            "payment_intent",
            "payment_link",
            "payment_method_configuration_details",
            "permissions",
            "recovered_from",
            "return_url",
            "saved_payment_method_options",
            "setup_intent",
            "shipping_address_collection",
            "shipping_cost",
            "submit_type",
            "wallet_options",
        ],
    )
}

/// What the session was made for.
fn asked(session: &CheckoutSession) -> Value {
    json!({
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": false },
        "allow_promotion_codes": session.allow_promotion_codes,
        "automatic_tax": {
            "enabled": false,
            "liability": null,
            "provider": null,
            "status": null,
        },
        "billing_address_collection": session.billing_address_collection,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "created": session.created,
        "custom_fields": [],
        "custom_text": with_nulls(
            json!({}),
            &["after_submit", "shipping_address", "submit", "terms_of_service_acceptance"],
        ),
        "customer_email": session.customer_email,
        "expires_at": session.expires_at,
        "livemode": false,
        "locale": session.locale,
        "metadata": session.metadata,
        "mode": "subscription",
        "payment_method_collection": "always",
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "phone_number_collection": { "enabled": false },
        "shipping_options": [],
        "success_url": session.success_url,
        "ui_mode": "hosted_page",
    })
}

/// How it stands.
fn became(books: &Books, session: &CheckoutSession) -> Value {
    let prices = session.wanted.iter().filter_map(|wanted| {
        let price = books.prices.get(&wanted.price)?;
        Some(price.amount * i64::from(wanted.quantity))
    });
    let total = if session.trial_days.is_some() {
        0
    } else {
        prices.sum::<i64>()
    };
    let currency = session
        .wanted
        .first()
        .and_then(|wanted| books.prices.get(&wanted.price))
        .map(|price| &price.currency);
    let (subscription, invoice) = match &session.state {
        CheckoutState::Complete {
            subscription,
            invoice,
        } => (Some(subscription), invoice.as_ref()),
        CheckoutState::Open | CheckoutState::Expired => (None, None),
    };
    let payment_status = match (subscription, session.trial_days) {
        (None, _) => "unpaid",
        (Some(_), None) => "paid",
        (Some(_), Some(_)) => "no_payment_required",
    };
    json!({
        "amount_subtotal": total,
        "amount_total": total,
        "currency": currency,
        "customer": session.customer,
        "customer_details": details(books, session),
        "invoice": invoice,
        "payment_status": payment_status,
        "status": session.status(),
        "subscription": subscription,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "url": session
            .is_open()
            .then(|| format!("{}/checkout/{}", books.base, session.id)),
    })
}

fn details(books: &Books, session: &CheckoutSession) -> Value {
    let customer = session
        .customer
        .as_ref()
        .and_then(|customer| books.customers.get(customer));
    let email = customer
        .and_then(|customer| customer.email.as_ref())
        .or(session.customer_email.as_ref());
    if email.is_none() && customer.is_none() {
        return Value::Null;
    }
    json!({
        "address": null,
        "business_name": null,
        "email": email,
        "individual_name": null,
        "name": customer.and_then(|customer| customer.name.as_ref()),
        "phone": null,
        "tax_exempt": "none",
        "tax_ids": null,
    })
}
