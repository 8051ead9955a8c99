use serde_json::Value;

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{books::Books, refusal::Refusal, render};

pub fn get(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::card(books.card(id)?))
}

pub fn of_customer(books: &Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["type"]))?;
    books.customer(id)?;
    page(
        &format!("/v1/customers/{id}/payment_methods"),
        params,
        &books.cards,
        |card| card.customer.as_deref() == Some(id),
        render::card,
    )
}

pub fn attach(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&["customer"])?;
    let customer = params.need("customer")?;
    books.named_customer(&customer)?;
    let card = books.card_or_magic(id)?;
    books.attach(&card, &customer)?;
    get(books, &card)
}
