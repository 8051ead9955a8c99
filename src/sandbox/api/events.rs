use serde_json::Value;

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{
    books::{Books, event::Event, find},
    refusal::Refusal,
};

pub fn list(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["type", "types"]))?;
    let kind = params.word("type");
    let kinds = params.texts("types");
    page(
        "/v1/events",
        params,
        &books.events,
        |event| {
            kind.as_ref().is_none_or(|kind| event.kind == *kind)
                && (kinds.is_empty() || kinds.contains(&event.kind))
        },
        view,
    )
}

pub fn get(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(view(find(&books.events, "event", id)?))
}

/// An event, as it is delivered.
fn view(event: &Event) -> Value {
    serde_json::from_str(&event.body).unwrap_or_default()
}
