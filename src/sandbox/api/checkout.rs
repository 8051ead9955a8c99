use serde_json::Value;

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{
    books::{
        Books,
        session::{CheckoutSession, CheckoutState, Wanted},
        subscription::WithoutCard,
    },
    ids,
    refusal::Refusal,
    render,
};

const FIELDS: [&str; 18] = [
    "mode",
    "customer",
    "customer_email",
    "line_items",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "metadata",
    "subscription_data",
    "allow_promotion_codes",
    "billing_address_collection",
    "customer_update",
    "expires_at",
    "locale",
    "payment_method_collection",
    "payment_method_types",
    "automatic_tax",
    "tax_id_collection",
];

pub fn list(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["customer", "status", "subscription"]))?;
    let customer = params.word("customer");
    let status = params.word("status");
    let wanted = params.word("subscription");
    page(
        "/v1/checkout/sessions",
        params,
        &books.checkouts,
        |session| {
            let became = match &session.state {
                CheckoutState::Complete { subscription, .. } => Some(subscription),
                CheckoutState::Open | CheckoutState::Expired => None,
            };
            (customer.is_none() || session.customer == customer)
                && status
                    .as_ref()
                    .is_none_or(|status| session.status() == status)
                && (wanted.is_none() || became == wanted.as_ref())
        },
        |session| render::checkout(books, session),
    )
}

pub fn get(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::checkout(books, books.checkout(id)?))
}

pub fn expire(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&[])?;
    if !books.checkout(id)?.is_open() {
        return Err(Refusal::invalid(
            "Only Checkout Sessions with a status in [\"open\"] can be expired.",
        ));
    }
    books.expire_checkout(id);
    get(books, id)
}

pub fn create(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&FIELDS)?;
    if params.need("mode")? != "subscription" {
        return Err(Refusal::invalid("This sandbox sells subscriptions only.").about("mode"));
    }
    let customer = params.word("customer");
    if let Some(customer) = &customer {
        books.named_customer(customer)?;
    }
    let of_subscription = params.part("subscription_data");
    of_subscription.allow(&[
        "metadata",
        "trial_period_days",
        "trial_settings",
        "description",
        "billing_mode",
    ])?;
    let wanted = wanted(books, params)?;
    let id = books.id("cs_test");
    let session = CheckoutSession {
        id: format!("{id}{}", ids::letters(30)),
        created: books.now,
        expires_at: expiry(books, params)?,
        customer,
        customer_email: params.word("customer_email"),
        wanted,
        success_url: params.need("success_url")?,
        cancel_url: params.word("cancel_url"),
        client_reference_id: params.word("client_reference_id"),
        metadata: params.metadata(),
        subscription_metadata: of_subscription.metadata(),
        trial_days: of_subscription
            .count("trial_period_days")?
            .filter(|days| *days > 0),
        without_card: without_card(&of_subscription)?,
        allow_promotion_codes: params.flag("allow_promotion_codes")?,
        billing_address_collection: params.word("billing_address_collection"),
        locale: params.word("locale"),
        state: CheckoutState::Open,
        unconfirmed: None,
    };
    let view = render::checkout(books, &session);
    books.checkouts.insert(session.id.clone(), session);
    Ok(view)
}

fn wanted(books: &Books, params: &Params) -> Result<Vec<Wanted>, Refusal> {
    let lines = params.parts("line_items");
    if lines.is_empty() {
        return Err(Refusal::required("line_items"));
    }
    let mut wanted = Vec::new();
    for line in lines {
        line.allow(&["price", "quantity"])?;
        let price = line.need("price")?;
        let of = books.named_price(&price, &line.path("price"))?;
        if !of.is_active {
            return Err(
                Refusal::invalid(format!("The price specified is inactive: {price}."))
                    .about(&line.path("price")),
            );
        }
        wanted.push(Wanted {
            price,
            quantity: line.count("quantity")?.unwrap_or(1).max(1),
        });
    }
    Ok(wanted)
}

/// Between half an hour and a day from now.
fn expiry(books: &Books, params: &Params) -> Result<i64, Refusal> {
    let latest = books.now + CheckoutSession::LIFETIME;
    match params.number("expires_at")? {
        None => Ok(latest),
        // A second may pass on the way.
        Some(at) if (books.now + 1_795..=latest + 5).contains(&at) => Ok(at),
        Some(_) => Err(Refusal::invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout \
             Session creation.",
        )
        .about("expires_at")),
    }
}

/// What becomes of a trial with no card at its end.
pub fn without_card(params: &Params) -> Result<WithoutCard, Refusal> {
    let settings = params.part("trial_settings");
    settings.allow(&["end_behavior"])?;
    let end = settings.part("end_behavior");
    end.allow(&["missing_payment_method"])?;
    let choice = end.one_of("missing_payment_method", WithoutCard::named)?;
    Ok(choice.unwrap_or_default())
}
