use serde_json::Value;

use super::{
    params::Params,
    subscription_update::{check_within, item_changes, proration},
};
use crate::sandbox::{
    books::{
        Books,
        invoice::{Invoice, Reason},
        subscription::{Span, Standing, Subscription, WhyCanceled, WithoutCard},
        wares::Every,
    },
    ids,
    life::change::{ItemChange, Proration},
    moment::Moment,
    refusal::Refusal,
    render,
};

/// What is to be previewed.
struct Wish {
    changes: Vec<ItemChange>,
    proration: Proration,
    at: Moment,
}

/// Shows an invoice that isn't made out.
pub fn create(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&["customer", "subscription", "subscription_details"])?;
    let details = params.part("subscription_details");
    details.allow(&[
        "items",
        "proration_behavior",
        "proration_date",
        "cancel_at_period_end",
        "cancel_at",
    ])?;
    if let Some(customer) = params.word("customer") {
        books.named_customer(&customer)?;
    }
    let wish = Wish {
        changes: item_changes(&details)?,
        proration: proration(&details)?,
        at: details.number("proration_date")?.unwrap_or(books.now),
    };
    let invoice = match running(books, params)? {
        Some(subscription) => of_running(books, subscription, &wish)?,
        None => of_new(books, params, &wish)?,
    };
    Ok(render::invoice(books, &invoice))
}

/// The subscription that is named, or the customer's only one.
fn running<'a>(books: &'a Books, params: &Params) -> Result<Option<&'a Subscription>, Refusal> {
    let customer = params.word("customer");
    let Some(id) = params.word("subscription") else {
        let has_items = params.part("subscription_details").has("items");
        return Ok(customer
            .filter(|_| !has_items)
            .and_then(|customer| books.running(&customer).next()));
    };
    let subscription = books
        .subscription(&id)
        .map_err(|_| Refusal::names_nothing("subscription", &id, "subscription"))?;
    if customer.is_some_and(|customer| customer != subscription.customer) {
        return Err(Refusal::names_nothing("subscription", &id, "subscription"));
    }
    if subscription.standing.has_ended() {
        return Err(none_upcoming());
    }
    Ok(Some(subscription))
}

fn of_running(books: &Books, now: &Subscription, wish: &Wish) -> Result<Invoice, Refusal> {
    check_within(wish.at, now)?;
    let items = books.changed_items(now, &wish.changes)?;
    let prorations = match wish.proration {
        Proration::Never => Vec::new(),
        Proration::Next | Proration::Now => books.prorations(now, &items, wish.at),
    };
    let begins_anew = books.every(&items) != now.every;
    let then = Subscription {
        every: books.every(&items),
        items,
        ..now.clone()
    };
    let is_own = wish.proration == Proration::Now || begins_anew;
    if is_own && !wish.changes.is_empty() {
        let lines = [now.pending.clone(), prorations].concat();
        return Ok(draft(books, &then, Reason::Update, now.period, lines));
    }
    if now.cancel_at.is_some_and(|at| at <= now.period.end) && wish.changes.is_empty() {
        return Err(none_upcoming());
    }
    let then = Subscription {
        standing: Standing::Active,
        ..then
    };
    let next = now.next_period();
    let renewal = books.period_lines(&then, next);
    let lines = [now.pending.clone(), prorations, renewal].concat();
    Ok(draft(books, &then, Reason::Upcoming, next, lines))
}

/// What a subscription would cost that isn't there yet.
fn of_new(books: &Books, params: &Params, wish: &Wish) -> Result<Invoice, Refusal> {
    let customer = params.need("customer")?;
    if wish.changes.is_empty() {
        return Err(none_upcoming());
    }
    let nothing = blank(books, customer);
    let items = books.changed_items(&nothing, &wish.changes)?;
    let every = books.every(&items);
    let span = Span {
        start: books.now,
        end: every.after(books.now, 1),
    };
    let subscription = Subscription {
        currency: books.one_currency(&items)?,
        items,
        every,
        period: span,
        ..nothing
    };
    let lines = books.period_lines(&subscription, span);
    Ok(draft(books, &subscription, Reason::Upcoming, span, lines))
}

fn blank(books: &Books, customer: String) -> Subscription {
    Subscription {
        id: String::new(),
        created: books.now,
        customer,
        standing: Standing::Active,
        items: Vec::new(),
        currency: String::new(),
        every: Every::MONTH,
        anchor: books.now,
        turns: 0,
        period: Span {
            start: books.now,
            end: books.now,
        },
        cancel_at_period_end: false,
        cancel_at: None,
        canceled_at: None,
        ended_at: None,
        why_canceled: WhyCanceled::default(),
        card: None,
        latest_invoice: None,
        metadata: Default::default(),
        trial: None,
        without_card: WithoutCard::default(),
        pending: Vec::new(),
    }
}

fn draft(
    books: &Books,
    subscription: &Subscription,
    reason: Reason,
    span: Span,
    lines: Vec<crate::sandbox::books::invoice::Line>,
) -> Invoice {
    let id = format!("upcoming_in_{}", ids::letters(18));
    books.draft(&id, subscription, reason, span, lines)
}

fn none_upcoming() -> Refusal {
    Refusal::invalid("No upcoming invoices for customer")
        .with_status(404, "invalid_request_error")
        .with_code("invoice_upcoming_none")
}
