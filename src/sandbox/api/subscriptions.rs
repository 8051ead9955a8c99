use serde_json::Value;

use super::{
    checkout::without_card,
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{
    books::{Books, session::Wanted, subscription::Subscription},
    life::subscribe::{FirstPayment, NewSubscription},
    moment::{DAY, Moment},
    refusal::Refusal,
    render,
};

pub fn list(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["customer", "status", "price"]))?;
    let customer = params.word("customer");
    let price = params.word("price");
    let status = params.word("status");
    let has_price = |subscription: &Subscription| {
        price
            .as_ref()
            .is_none_or(|price| subscription.items.iter().any(|item| item.price == *price))
    };
    let has_status = |subscription: &Subscription| match status.as_deref() {
        None => !subscription.standing.has_ended(),
        Some("all") => true,
        Some("ended") => subscription.standing.has_ended(),
        Some(status) => subscription.standing.name() == status,
    };
    page(
        "/v1/subscriptions",
        params,
        &books.subscriptions,
        |subscription| {
            customer
                .as_ref()
                .is_none_or(|of| subscription.customer == *of)
                && has_price(subscription)
                && has_status(subscription)
        },
        |subscription| render::subscription(books, subscription),
    )
}

pub fn get(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::subscription(books, books.subscription(id)?))
}

pub fn create(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&[
        "customer",
        "items",
        "default_payment_method",
        "trial_period_days",
        "trial_end",
        "trial_settings",
        "metadata",
        "payment_behavior",
        "off_session",
        "billing_mode",
    ])?;
    let customer = params.need("customer")?;
    books.named_customer(&customer)?;
    let wanted = wanted(books, params)?;
    let first = params
        .one_of("payment_behavior", |behaviour| match behaviour {
            "allow_incomplete" => Some(FirstPayment::Tried),
            "error_if_incomplete" => Some(FirstPayment::OrNothing),
            "default_incomplete" => Some(FirstPayment::Later),
            _ => None,
        })?
        .unwrap_or(FirstPayment::Tried);
    let trial_end = trial_end(books, params)?;
    let without_card = without_card(params)?;
    let card = own_card(books, params, &customer)?;
    let id = books.subscribe(NewSubscription {
        customer,
        wanted,
        card,
        trial_end,
        without_card,
        metadata: params.metadata(),
        first,
    })?;
    get(books, &id)
}

fn wanted(books: &Books, params: &Params) -> Result<Vec<Wanted>, Refusal> {
    let items = params.parts("items");
    if items.is_empty() {
        return Err(Refusal::required("items"));
    }
    let mut wanted = Vec::new();
    for item in items {
        item.allow(&["price", "quantity"])?;
        let price = item.need("price")?;
        books.named_price(&price, &item.path("price"))?;
        wanted.push(Wanted {
            price,
            quantity: item.count("quantity")?.unwrap_or(1),
        });
    }
    Ok(wanted)
}

fn trial_end(books: &Books, params: &Params) -> Result<Option<Moment>, Refusal> {
    let days = params.count("trial_period_days")?.filter(|days| *days > 0);
    let after_days = days.map(|days| books.now + DAY * i64::from(days));
    let named = params.number("trial_end")?;
    Ok(named.or(after_days).filter(|end| *end > books.now))
}

/// The card that a subscription names, put on file with its customer.
pub fn own_card(
    books: &mut Books,
    params: &Params,
    customer: &str,
) -> Result<Option<String>, Refusal> {
    let Some(named) = params.word("default_payment_method") else {
        return Ok(None);
    };
    let card = books.card_or_magic(&named)?;
    books.attach(&card, customer)?;
    Ok(Some(card))
}

pub fn cancel(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&["invoice_now", "prorate", "cancellation_details"])?;
    if books.subscription(id)?.standing.has_ended() {
        return Err(Refusal::missing("subscription", id));
    }
    let details = params.part("cancellation_details");
    details.allow(&["comment", "feedback"])?;
    if let Some(subscription) = books.subscriptions.get_mut(id) {
        let why = &mut subscription.why_canceled;
        why.comment = details.word("comment").or_else(|| why.comment.take());
        why.feedback = details.word("feedback").or_else(|| why.feedback.take());
    }
    books.cancel(id, "cancellation_requested");
    get(books, id)
}

pub fn resume(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&[
        "billing_cycle_anchor",
        "proration_behavior",
        "proration_date",
    ])?;
    books.resume(id)?;
    get(books, id)
}
