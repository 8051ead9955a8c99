use serde_json::Value;

use super::{
    params::Params,
    subscriptions::{get, own_card},
};
use crate::sandbox::{
    books::{
        Books,
        subscription::{Standing, Subscription},
    },
    life::change::{Change, ItemChange, Proration},
    moment::Moment,
    refusal::Refusal,
};

const FIELDS: [&str; 13] = [
    "items",
    "proration_behavior",
    "proration_date",
    "payment_behavior",
    "cancel_at_period_end",
    "cancel_at",
    "cancellation_details",
    "metadata",
    "default_payment_method",
    "trial_end",
    "trial_settings",
    "off_session",
    "billing_cycle_anchor",
];

pub fn update(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&FIELDS)?;
    if books.subscription(id)?.standing.has_ended() {
        check_ended(params)?;
    }
    // A card that comes with a charge that fails isn't put on file either.
    let before = params.has("default_payment_method").then(|| books.clone());
    let updated = apply(books, id, params);
    if let (Err(_), Some(before)) = (&updated, before) {
        *books = before;
    }
    updated?;
    get(books, id)
}

fn apply(books: &mut Books, id: &str, params: &Params) -> Result<(), Refusal> {
    let subscription = books.subscription(id)?.clone();
    let change = change(books, params, &subscription)?;
    let does_end = params.flag("cancel_at_period_end")?;
    let end_at = end_at(books, params)?;
    if does_end.is_some() && end_at.is_some() {
        return Err(Refusal::invalid(
            "Only one of `cancel_at` and `cancel_at_period_end` can be set at a time.",
        ));
    }
    let trial_end = new_trial_end(books, params)?;
    let details = params.part("cancellation_details");
    details.allow(&["comment", "feedback"])?;
    if let Some(card) = own_card(books, params, &subscription.customer)? {
        books.change_subscription(id, |subscription| subscription.card = Some(card));
    }
    if let Some(change) = change {
        books.change_items(id, &change)?;
    }
    if let Some(end) = trial_end {
        books.move_trial_end(id, end)?;
    }
    if params.has("metadata") {
        books.change_subscription(id, |subscription| {
            params.put_metadata(&mut subscription.metadata);
        });
    }
    match (does_end, end_at) {
        (Some(does_end), _) if does_end != subscription.cancel_at_period_end => {
            books.end_with_period(id, does_end);
        }
        (_, Some(at)) => books.end_at(id, at),
        _ => {}
    }
    if params.has("cancellation_details") {
        books.change_subscription(id, |subscription| {
            subscription.why_canceled.comment = details.word("comment");
            subscription.why_canceled.feedback = details.word("feedback");
        });
    }
    Ok(())
}

/// Of what has ended only the words on it can be changed.
fn check_ended(params: &Params) -> Result<(), Refusal> {
    params
        .allow(&["metadata", "cancellation_details"])
        .map_err(|_| {
            Refusal::invalid(
                "A canceled subscription can only update its cancellation_details and metadata.",
            )
        })
}

fn change(
    books: &Books,
    params: &Params,
    subscription: &Subscription,
) -> Result<Option<Change>, Refusal> {
    let items = item_changes(params)?;
    let proration = proration(params)?;
    let or_nothing = params
        .one_of("payment_behavior", |behaviour| match behaviour {
            "error_if_incomplete" => Some(true),
            "allow_incomplete" | "default_incomplete" => Some(false),
            _ => None,
        })?
        .unwrap_or(false);
    let at = params.number("proration_date")?.unwrap_or(books.now);
    check_within(at, subscription)?;
    if items.is_empty() {
        return Ok(None);
    }
    Ok(Some(Change {
        items,
        proration,
        at,
        or_nothing,
    }))
}

/// The items to change, with what is to be other about them.
pub fn item_changes(params: &Params) -> Result<Vec<ItemChange>, Refusal> {
    let mut changes = Vec::new();
    for item in params.parts("items") {
        item.allow(&["id", "price", "quantity"])?;
        changes.push(ItemChange {
            id: item.word("id"),
            price: item.word("price"),
            quantity: item.count("quantity")?,
        });
    }
    Ok(changes)
}

pub fn proration(params: &Params) -> Result<Proration, Refusal> {
    let named = params.one_of("proration_behavior", |behaviour| match behaviour {
        "create_prorations" => Some(Proration::Next),
        "always_invoice" => Some(Proration::Now),
        "none" => Some(Proration::Never),
        _ => None,
    })?;
    Ok(named.unwrap_or(Proration::Next))
}

/// A change is reckoned within the period in which it is made.
pub fn check_within(at: Moment, subscription: &Subscription) -> Result<(), Refusal> {
    let period = subscription.period;
    let is_trial = subscription.standing == Standing::Trialing;
    if is_trial || (period.start..=period.end).contains(&at) {
        return Ok(());
    }
    Err(
        Refusal::invalid("Cannot specify proration date outside of current subscription period")
            .about("proration_date"),
    )
}

/// The end that is asked for: none if it is empty.
fn end_at(books: &Books, params: &Params) -> Result<Option<Option<Moment>>, Refusal> {
    if !params.has("cancel_at") {
        return Ok(None);
    }
    let at = params.number("cancel_at")?;
    if at.is_some_and(|at| at <= books.now) {
        return Err(Refusal::invalid("`cancel_at` must be in the future.").about("cancel_at"));
    }
    Ok(Some(at))
}

fn new_trial_end(books: &Books, params: &Params) -> Result<Option<Moment>, Refusal> {
    match params.text("trial_end") {
        None | Some("") => Ok(None),
        Some("now") => Ok(Some(books.now)),
        Some(_) => params.number("trial_end"),
    }
}
