use serde_json::Value;

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{books::Books, life::collect::Scene, refusal::Refusal, render};

pub fn list(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["customer", "subscription", "status"]))?;
    let customer = params.word("customer");
    let subscription = params.word("subscription");
    let status = params.word("status");
    page(
        "/v1/invoices",
        params,
        &books.invoices,
        |invoice| {
            customer.as_ref().is_none_or(|of| invoice.customer == *of)
                && (subscription.is_none() || invoice.subscription == subscription)
                && status.as_ref().is_none_or(|is| invoice.state.name() == is)
        },
        |invoice| render::invoice(books, invoice),
    )
}

pub fn get(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::invoice(books, books.invoice(id)?))
}

pub fn pay(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&["payment_method", "off_session"])?;
    let invoice = books.invoice(id)?.clone();
    if !invoice.is_open() {
        return Err(Refusal::invalid(format!(
            "This invoice can't be paid: it is {}.",
            invoice.state.name()
        ))
        .with_code("invoice_not_open"));
    }
    let card = match params.word("payment_method") {
        None => None,
        Some(named) => {
            let card = books.card_or_magic(&named)?;
            books.attach(&card, &invoice.customer)?;
            Some(card)
        }
    };
    books.collect(id, card, Scene::Asked)?;
    get(books, id)
}
