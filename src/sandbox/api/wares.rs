use serde_json::Value;

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{
    books::{
        Books, find,
        wares::{Every, Interval, Price, Product},
    },
    refusal::Refusal,
    render,
};

pub fn product(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::product(find(&books.products, "product", id)?))
}

pub fn price(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::price(find(&books.prices, "price", id)?))
}

pub fn prices(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&[
        "active",
        "lookup_keys",
        "product",
        "currency",
        "type",
    ]))?;
    let active = params.flag("active")?;
    let keys = params.texts("lookup_keys");
    let product = params.word("product");
    let currency = params.word("currency");
    page(
        "/v1/prices",
        params,
        &books.prices,
        |price| {
            active.is_none_or(|active| price.is_active == active)
                && product.as_ref().is_none_or(|of| price.product == *of)
                && currency.as_ref().is_none_or(|of| price.currency == *of)
                && (keys.is_empty()
                    || price
                        .lookup_key
                        .as_ref()
                        .is_some_and(|key| keys.contains(key)))
        },
        render::price,
    )
}

pub fn create_product(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&["id", "name", "description", "active", "metadata"])?;
    let product = Product {
        id: params.word("id").unwrap_or_else(|| books.id("prod")),
        created: books.now,
        name: params.need("name")?,
        description: params.word("description"),
        is_active: params.flag("active")?.unwrap_or(true),
        metadata: params.metadata(),
    };
    let view = render::product(&product);
    books.products.insert(product.id.clone(), product);
    books.tell("product.created", view.clone());
    Ok(view)
}

pub fn create_price(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&[
        "currency",
        "unit_amount",
        "product",
        "product_data",
        "recurring",
        "lookup_key",
        "nickname",
        "active",
        "metadata",
    ])?;
    let recurring = params.part("recurring");
    recurring.allow(&["interval", "interval_count"])?;
    let amount = params
        .number("unit_amount")?
        .ok_or_else(|| Refusal::required("unit_amount"))?;
    let every = Every {
        interval: recurring
            .one_of("interval", Interval::named)?
            .unwrap_or(Interval::Month),
        count: recurring.count("interval_count")?.unwrap_or(1).max(1),
    };
    let price = Price {
        currency: params.need("currency")?.to_lowercase(),
        product: product_of(books, params)?,
        id: books.id("price"),
        created: books.now,
        amount,
        every,
        lookup_key: params.word("lookup_key"),
        nickname: params.word("nickname"),
        is_active: params.flag("active")?.unwrap_or(true),
        metadata: params.metadata(),
    };
    let view = render::price(&price);
    books.prices.insert(price.id.clone(), price);
    books.tell("price.created", view.clone());
    Ok(view)
}

/// The product that is named, or a new one.
fn product_of(books: &mut Books, params: &Params) -> Result<String, Refusal> {
    if let Some(id) = params.word("product") {
        return match books.products.contains_key(&id) {
            true => Ok(id),
            false => Err(Refusal::names_nothing("product", &id, "product")),
        };
    }
    if !params.has("product_data") {
        return Err(Refusal::required("product"));
    }
    let product = create_product(books, &params.part("product_data"))?;
    let id = product.get("id").and_then(Value::as_str);
    Ok(id.unwrap_or_default().to_owned())
}
