//! The operator's table: the clock, who pays for what, and what was told.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::html::{button, escape, lead_to, wide_page};
use crate::sandbox::{
    books::{
        Books,
        event::Event,
        rules::{Outage, Payments},
        subscription::Subscription,
    },
    control,
    desk::Desk,
    moment::{self, DAY},
};

/// The most of anything that is listed.
const LISTED: usize = 50;
/// How slow is slow.
const SLOW: Outage = Outage::Slow { ms: 5_000 };

pub async fn show(State(desk): State<Desk>) -> Response {
    desk.look(|books| {
        let body = format!(
            "{}{}{}{}",
            clock_section(books),
            switches_section(books),
            subscriptions_section(books),
            events_section(books),
        );
        wide_page("Operator's table", &body)
    })
}

#[derive(Deserialize)]
pub struct Step {
    by: String,
}

pub async fn set_clock(State(desk): State<Desk>, Form(step): Form<Step>) -> Response {
    let set = tokio::task::spawn_blocking(move || {
        desk.change(|books| {
            let to = match step.by.as_str() {
                "month" => moment::months_later(books.now, 1),
                _ => books.now + DAY,
            };
            control::advance(books, to)
        })
    })
    .await;
    match set {
        Ok(Err(refusal)) => refusal.into_response(),
        Ok(Ok(_)) | Err(_) => lead_to("/"),
    }
}

#[derive(Deserialize)]
pub struct Named {
    id: String,
}

pub async fn resend(State(desk): State<Desk>, Form(event): Form<Named>) -> Response {
    desk.change(|books| {
        if books.events.contains_key(&event.id) {
            books.owe(&event.id);
        }
    });
    lead_to("/")
}

#[derive(Deserialize)]
pub struct Choice {
    to: String,
}

pub async fn set_outage(State(desk): State<Desk>, Form(choice): Form<Choice>) -> Response {
    let outage = match choice.to.as_str() {
        "down" => Outage::Down,
        "slow" => SLOW,
        _ => Outage::None,
    };
    desk.change(|books| books.rules.outage = outage);
    lead_to("/")
}

pub async fn set_payments(State(desk): State<Desk>, Form(choice): Form<Choice>) -> Response {
    let payments = match choice.to.as_str() {
        "all_declined" => Payments::AllDeclined,
        _ => Payments::AsTheCard,
    };
    desk.change(|books| books.rules.payments = payments);
    lead_to("/")
}

fn clock_section(books: &Books) -> String {
    format!(
        "<section><h2>Clock</h2><p>{} UTC</p><div class=\"row\">{}{}</div></section>",
        moment::date_and_time(books.now),
        button("/operator/clock", "+1 day", "quiet", Some(("by", "day"))),
        button(
            "/operator/clock",
            "+1 month",
            "quiet",
            Some(("by", "month"))
        ),
    )
}

fn switches_section(books: &Books) -> String {
    let outage = match books.rules.outage {
        Outage::None => "The API answers.".to_owned(),
        Outage::Down => "The API is down.".to_owned(),
        Outage::Slow { ms } => format!("The API takes {ms} ms to answer."),
    };
    let payments = match books.rules.payments {
        Payments::AsTheCard => "Payments go as the card says.",
        Payments::AllDeclined => "Every payment is declined.",
    };
    let switch = |action, words, to| button(action, words, "quiet small", Some(("to", to)));
    format!(
        "<section><h2>Switches</h2><div class=\"row\"><span>{outage}</span>{}{}{}</div><p></p>\
         <div class=\"row\"><span>{payments}</span>{}{}</div></section>",
        switch("/operator/outage", "API up", "none"),
        switch("/operator/outage", "API down", "down"),
        switch("/operator/outage", "API slow", "slow"),
        switch("/operator/payments", "As the card", "as_the_card"),
        switch("/operator/payments", "Decline all", "all_declined"),
    )
}

fn subscriptions_section(books: &Books) -> String {
    let rows: String = books
        .subscriptions
        .values()
        .rev()
        .take(LISTED)
        .map(|subscription| subscription_row(books, subscription))
        .collect();
    let without: String = books
        .customers
        .values()
        .filter(|customer| !customer.is_deleted)
        .filter(|customer| books.running(&customer.id).next().is_none())
        .take(LISTED)
        .map(|customer| {
            let email = customer.email.as_deref().unwrap_or_default();
            format!("<li>{} {}</li>", escape(&customer.id), escape(email))
        })
        .collect();
    let without = if without.is_empty() {
        String::new()
    } else {
        format!("<section><h2>Customers with none</h2><ul>{without}</ul></section>")
    };
    format!(
        "<section><div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Subscriptions\"><table><caption>Subscriptions</caption><thead><tr>\
         <th>Subscription</th><th>Customer</th><th>For</th><th>Status</th><th>Until</th></tr>\
         </thead><tbody>{rows}</tbody></table></div></section>\
         {without}"
    )
}

fn subscription_row(books: &Books, subscription: &Subscription) -> String {
    let email = books
        .customers
        .get(&subscription.customer)
        .and_then(|customer| customer.email.as_deref());
    let names: Vec<&str> = subscription
        .items
        .iter()
        .map(|item| books.ware(&item.price))
        .collect();
    let ends = if subscription.cancel_at.is_some() {
        " (ends)"
    } else {
        ""
    };
    format!(
        "<tr><td>{}</td><td>{} {}</td><td>{}</td><td>{}</td><td>{}{ends}</td></tr>",
        escape(&subscription.id),
        escape(&subscription.customer),
        escape(email.unwrap_or_default()),
        escape(&names.join(", ")),
        subscription.standing.name(),
        moment::date(subscription.period.end),
    )
}

fn events_section(books: &Books) -> String {
    let rows: String = books
        .events
        .values()
        .rev()
        .take(LISTED)
        .map(|event| event_row(books, event))
        .collect();
    format!(
        "<section><div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Events\"><table><caption>The last events</caption><thead><tr>\
         <th>At</th><th>Type</th><th>Event</th><th>Delivery</th><th>Again</th></tr></thead>\
         <tbody>{rows}</tbody></table></div></section>"
    )
}

fn event_row(books: &Books, event: &Event) -> String {
    let is_owed = books.owed.iter().any(|ticket| ticket.event == event.id);
    let last = event
        .last_status
        .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let delivery = match (event.attempts, is_owed) {
        (0, true) => "waits".to_owned(),
        (0, false) => "not sent".to_owned(),
        (attempts, true) => format!("owed; {attempts} tried, last {last}"),
        (attempts, false) => format!("delivered; {attempts} tried, last {last}"),
    };
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{delivery}</td><td>{}</td></tr>",
        moment::date_and_time(event.created),
        escape(&event.kind),
        escape(&event.id),
        button(
            "/operator/resend",
            "Resend",
            "quiet small",
            Some(("id", &event.id))
        ),
    )
}
