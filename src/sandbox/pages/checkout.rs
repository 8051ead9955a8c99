//! The till.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    card_form::{self, Typed},
    html::{alert, escape, is_web, lead_to, money, nothing_here, page, way_back},
};
use crate::sandbox::{
    books::{
        Books,
        session::{CheckoutSession, CheckoutState, Wanted},
    },
    desk::Desk,
    life::checkout::Paid,
    refusal::Refusal,
};

pub async fn show(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    desk.look(|books| view(books, &id, None, None))
}

pub async fn pay(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    desk.change(|books| {
        let paid = typed
            .read(books.now)
            .and_then(|entry| books.pay_checkout(&id, entry));
        match paid {
            Ok(Paid::Yes) => lead_on(books, &id),
            Ok(Paid::Asks) => lead_to(&format!("/checkout/{id}/confirm")),
            Err(refusal) => refused(view(books, &id, Some(&typed), Some(&refusal))),
        }
    })
}

/// The bank asks the holder.
pub async fn ask(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    desk.look(|books| match books.checkout(&id) {
        Ok(session) if session.is_open() && session.unconfirmed.is_some() => page(
            "Confirm your payment",
            &format!(
                "<section><p>Your bank asks whether it is you who pays {} to Atrium.</p>\
                 <form method=\"post\" class=\"row\">\
                 <button name=\"outcome\" value=\"complete\">Complete authentication</button>\
                 <button name=\"outcome\" value=\"fail\" class=\"quiet\">Fail authentication\
                 </button></form></section>",
                escape(&total(books, session)),
            ),
        ),
        Ok(_) => lead_to(&format!("/checkout/{id}")),
        Err(_) => nothing_here(),
    })
}

#[derive(Deserialize)]
pub struct Outcome {
    outcome: String,
}

pub async fn confirm(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(answer): Form<Outcome>,
) -> Response {
    desk.change(
        |books| match books.confirm_checkout(&id, answer.outcome == "complete") {
            Ok(()) => lead_on(books, &id),
            Err(refusal) => refused(view(books, &id, None, Some(&refusal))),
        },
    )
}

fn lead_on(books: &Books, id: &str) -> Response {
    books
        .checkout(id)
        .map_or_else(|_| nothing_here(), |session| lead_to(&session.way_on()))
}

fn refused(page: Response) -> Response {
    if page.status() == StatusCode::OK {
        (StatusCode::PAYMENT_REQUIRED, page).into_response()
    } else {
        page
    }
}

fn view(books: &Books, id: &str, typed: Option<&Typed>, refusal: Option<&Refusal>) -> Response {
    let Ok(session) = books.checkout(id) else {
        return nothing_here();
    };
    match session.state {
        CheckoutState::Open => till(books, session, typed, refusal),
        CheckoutState::Complete { .. } => page(
            "Paid",
            &format!(
                "<section><p>This is paid already.</p>{}</section>",
                link_on(session)
            ),
        ),
        CheckoutState::Expired => page(
            "Expired",
            &format!(
                "<section><p>This checkout session has expired. Nothing was charged.</p>{}\
                 </section>",
                way_back(session.cancel_url.as_deref())
            ),
        ),
    }
}

fn link_on(session: &CheckoutSession) -> String {
    let way_on = session.way_on();
    if is_web(&way_on) {
        format!("<p><a href=\"{}\">Back to Atrium</a></p>", escape(&way_on))
    } else {
        String::new()
    }
}

fn till(
    books: &Books,
    session: &CheckoutSession,
    typed: Option<&Typed>,
    refusal: Option<&Refusal>,
) -> Response {
    let customer = session
        .customer
        .as_ref()
        .and_then(|customer| books.customers.get(customer));
    let name = customer.and_then(|customer| customer.name.as_deref());
    let email = customer
        .and_then(|customer| customer.email.as_deref())
        .or(session.customer_email.as_deref());
    let lines: String = session
        .wanted
        .iter()
        .map(|wanted| line(books, wanted))
        .collect();
    let trial = session.trial_days.map_or_else(String::new, |days| {
        format!("<p>Free for {days} days. Nothing is charged today.</p>")
    });
    let body = format!(
        "<section>{lines}{trial}<p class=\"faint\">{} {}</p></section>\
         {}<section><h2>Pay with card</h2><form method=\"post\" class=\"wide\">{}\
         <button>Pay</button></form></section>{}",
        escape(name.unwrap_or_default()),
        escape(email.unwrap_or_default()),
        alert(refusal),
        card_form::fields(typed, books.now, name.unwrap_or("Sandbox Customer")),
        way_back(session.cancel_url.as_deref()),
    );
    page("Subscribe to Atrium", &body)
}

fn line(books: &Books, wanted: &Wanted) -> String {
    let Some(price) = books.prices.get(&wanted.price) else {
        return String::new();
    };
    let times = if wanted.quantity > 1 {
        format!("{} × ", wanted.quantity)
    } else {
        String::new()
    };
    let every = match price.every.count {
        1 => format!("per {}", price.every.interval.name()),
        count => format!("every {count} {}s", price.every.interval.name()),
    };
    format!(
        "<p class=\"price\">{}</p><p>{times}{} <span class=\"faint\">{every}</span></p>",
        escape(&money(
            price.amount * i64::from(wanted.quantity),
            &price.currency
        )),
        escape(books.ware(&wanted.price)),
    )
}

fn total(books: &Books, session: &CheckoutSession) -> String {
    let prices = session.wanted.iter().filter_map(|wanted| {
        let price = books.prices.get(&wanted.price)?;
        Some((price.amount * i64::from(wanted.quantity), &price.currency))
    });
    let (amounts, currencies): (Vec<i64>, Vec<&String>) = prices.unzip();
    let currency = currencies.first().map_or("usd", |currency| currency);
    money(amounts.iter().sum(), currency)
}
