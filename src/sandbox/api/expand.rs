//! `expand[]`: things in the place of their ids.

use serde_json::Value;

use crate::sandbox::{books::Books, render};

/// Puts the thing in the place of its id, along a path such as
/// `data.items.price.product`. A path that leads nowhere is ignored.
pub fn expand(books: &Books, within: &mut Value, path: &str) {
    if let Value::Array(each) = within {
        for one in each {
            expand(books, one, path);
        }
        return;
    }
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let Some(field) = within.get_mut(name) else {
        return;
    };
    if let Some(thing) = field.as_str().and_then(|id| thing(books, id)) {
        *field = thing;
    }
    if let Some(rest) = rest {
        expand(books, field, rest);
    }
}

fn thing(books: &Books, id: &str) -> Option<Value> {
    let (prefix, _) = id.split_once('_')?;
    match prefix {
        "cus" => Some(render::customer(books, books.customers.get(id)?)),
        "in" => Some(render::invoice(books, books.invoices.get(id)?)),
        "pi" => Some(render::intent(books.intents.get(id)?)),
        "pm" => Some(render::card(books.cards.get(id)?)),
        "price" => Some(render::price(books.prices.get(id)?)),
        "prod" => Some(render::product(books.products.get(id)?)),
        "sub" => Some(render::subscription(books, books.subscriptions.get(id)?)),
        _ => None,
    }
}
