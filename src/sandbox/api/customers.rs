use serde_json::{Value, json};

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{
    books::{Books, Customer, find},
    refusal::Refusal,
    render,
};

const FIELDS: [&str; 7] = [
    "email",
    "name",
    "phone",
    "description",
    "metadata",
    "payment_method",
    "invoice_settings",
];

pub fn list(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["email"]))?;
    let email = params.word("email");
    page(
        "/v1/customers",
        params,
        &books.customers,
        |customer| !customer.is_deleted && (email.is_none() || customer.email == email),
        |customer| render::customer(books, customer),
    )
}

pub fn get(books: &Books, id: &str) -> Result<Value, Refusal> {
    let customer = find(&books.customers, "customer", id)?;
    Ok(render::customer(books, customer))
}

pub fn create(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&FIELDS)?;
    let card = wanted_card(books, params)?;
    let mut customer = Customer::default();
    fill(&mut customer, params);
    let id = books.welcome(customer);
    if let Some(card) = card {
        use_card(books, &id, &card)?;
    }
    get(books, &id)
}

pub fn update(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&FIELDS)?;
    books.customer(id)?;
    if let Some(card) = wanted_card(books, params)? {
        use_card(books, id, &card)?;
    }
    books.change_customer(id, |customer| fill(customer, params));
    get(books, id)
}

pub fn delete(books: &mut Books, id: &str, params: &Params) -> Result<Value, Refusal> {
    params.allow(&[])?;
    books.delete_customer(id)?;
    Ok(json!({ "id": id, "object": "customer", "deleted": true }))
}

/// Sets what is named, and clears what is named as empty.
fn fill(customer: &mut Customer, params: &Params) {
    let fields = [
        ("email", &mut customer.email),
        ("name", &mut customer.name),
        ("phone", &mut customer.phone),
        ("description", &mut customer.description),
    ];
    for (name, field) in fields {
        if params.has(name) {
            *field = params.word(name);
        }
    }
    params.put_metadata(&mut customer.metadata);
}

fn wanted_card(books: &mut Books, params: &Params) -> Result<Option<String>, Refusal> {
    let settings = params.part("invoice_settings");
    settings.allow(&["default_payment_method"])?;
    let named = settings
        .word("default_payment_method")
        .or_else(|| params.word("payment_method"));
    named.map(|card| books.card_or_magic(&card)).transpose()
}

fn use_card(books: &mut Books, customer: &str, card: &str) -> Result<(), Refusal> {
    books.attach(card, customer)?;
    books.change_customer(customer, |customer| {
        customer.default_card = Some(card.to_owned());
    });
    Ok(())
}
