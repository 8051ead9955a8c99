//! Which request is which endpoint's.

use http::Method;
use serde_json::Value;

use super::{
    cards, checkout, customers, events, expand, invoices, params::Params, portal, preview, refunds,
    subscription_update, subscriptions, wares,
};
use crate::sandbox::{
    books::{Books, rules::Answer},
    refusal::Refusal,
};

/// Answers a request that changes nothing.
///
/// # Errors
/// If there is nothing there, or it can't be understood.
pub fn read(books: &Books, path: &str, params: &Params) -> Result<Answer, Refusal> {
    let segments = segments(path);
    let found = match list(books, &segments, params) {
        Some(list) => list?,
        None => {
            params.allow(&[])?;
            one(books, &segments).unwrap_or_else(|| Err(unknown(&Method::GET, path)))?
        }
    };
    Ok(answered(books, found, params))
}

/// A list, where the path is that of one.
fn list(books: &Books, segments: &[&str], params: &Params) -> Option<Result<Value, Refusal>> {
    Some(match segments {
        ["customers"] => customers::list(books, params),
        ["customers", id, "payment_methods"] => cards::of_customer(books, id, params),
        ["prices"] => wares::prices(books, params),
        ["checkout", "sessions"] => checkout::list(books, params),
        ["subscriptions"] => subscriptions::list(books, params),
        ["invoices"] => invoices::list(books, params),
        ["refunds"] => refunds::list(books, params),
        ["events"] => events::list(books, params),
        _ => return None,
    })
}

/// A single thing, where the path is that of one.
fn one(books: &Books, segments: &[&str]) -> Option<Result<Value, Refusal>> {
    Some(match segments {
        ["customers", id] => customers::get(books, id),
        ["products", id] => wares::product(books, id),
        ["prices", id] => wares::price(books, id),
        ["checkout", "sessions", id] => checkout::get(books, id),
        ["subscriptions", id] => subscriptions::get(books, id),
        ["invoices", id] => invoices::get(books, id),
        ["payment_methods", id] => cards::get(books, id),
        ["payment_intents", id] => refunds::intent(books, id),
        ["events", id] => events::get(books, id),
        _ => return None,
    })
}

/// Does what a request asks for.
///
/// # Errors
/// If it can't be done, or can't be understood.
pub fn act(
    books: &mut Books,
    method: &Method,
    path: &str,
    params: &Params,
) -> Result<Answer, Refusal> {
    let done = if method == Method::POST {
        post(books, path, params)
    } else if method == Method::DELETE {
        delete(books, path, params)
    } else {
        Err(unknown(method, path))
    }?;
    Ok(answered(books, done, params))
}

fn post(books: &mut Books, path: &str, params: &Params) -> Result<Value, Refusal> {
    match segments(path).as_slice() {
        ["customers"] => customers::create(books, params),
        ["customers", id] => customers::update(books, id, params),
        ["products"] => wares::create_product(books, params),
        ["prices"] => wares::create_price(books, params),
        ["checkout", "sessions"] => checkout::create(books, params),
        ["checkout", "sessions", id, "expire"] => checkout::expire(books, id, params),
        ["subscriptions"] => subscriptions::create(books, params),
        ["subscriptions", id] => subscription_update::update(books, id, params),
        ["subscriptions", id, "resume"] => subscriptions::resume(books, id, params),
        ["invoices", "create_preview"] => preview::create(books, params),
        ["invoices", id, "pay"] => invoices::pay(books, id, params),
        ["payment_methods", id, "attach"] => cards::attach(books, id, params),
        ["billing_portal", "sessions"] => portal::create(books, params),
        ["refunds"] => refunds::create(books, params),
        _ => Err(unknown(&Method::POST, path)),
    }
}

fn delete(books: &mut Books, path: &str, params: &Params) -> Result<Value, Refusal> {
    match segments(path).as_slice() {
        ["customers", id] => customers::delete(books, id, params),
        ["subscriptions", id] => subscriptions::cancel(books, id, params),
        _ => Err(unknown(&Method::DELETE, path)),
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .skip(1)
        .collect()
}

fn answered(books: &Books, mut body: Value, params: &Params) -> Answer {
    for path in params.texts("expand") {
        expand::expand(books, &mut body, &path);
    }
    Answer { status: 200, body }
}

fn unknown(method: &Method, path: &str) -> Refusal {
    Refusal::invalid(format!("Unrecognized request URL ({method}: {path})."))
        .with_status(404, "invalid_request_error")
}
