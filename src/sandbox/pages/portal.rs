//! The portal: what somebody pays for, with what, and until when.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    card_form::{self, Typed},
    html::{alert, button, escape, lead_to, money, nothing_here, page, way_back},
    invoice,
};
use crate::sandbox::{
    books::{
        Books, Customer, invoice::InvoiceState, session::PortalSession, subscription::Subscription,
    },
    desk::Desk,
    life::collect::Scene,
    moment,
    refusal::Refusal,
};

/// The most invoices that are listed.
const LISTED: usize = 24;

pub async fn show(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    desk.look(|books| view(books, &id, None, None))
}

pub async fn set_card(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    act(&desk, &id, Some(&typed), |books, session| {
        let entry = typed.read(books.now)?;
        books.replace_card(&session.customer, entry)
    })
}

#[derive(Deserialize)]
pub struct Named {
    id: String,
}

pub async fn cancel(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(subscription): Form<Named>,
) -> Response {
    act(&desk, &id, None, |books, session| {
        own_subscription(books, session, &subscription.id)?;
        // As the real one does, where it knows a moment and no flag.
        let end = books.subscription(&subscription.id)?.period.end;
        books.end_at(&subscription.id, Some(end));
        Ok(())
    })
}

pub async fn keep(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(subscription): Form<Named>,
) -> Response {
    act(&desk, &id, None, |books, session| {
        own_subscription(books, session, &subscription.id)?;
        books.end_at(&subscription.id, None);
        Ok(())
    })
}

pub async fn pay(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(invoice): Form<Named>,
) -> Response {
    act(&desk, &id, None, |books, session| {
        if books.invoice(&invoice.id)?.customer != session.customer {
            return Err(Refusal::missing("invoice", &invoice.id));
        }
        books.collect(&invoice.id, None, Scene::Asked)
    })
}

/// Does something for a visitor, and shows the portal again.
fn act(
    desk: &Desk,
    id: &str,
    typed: Option<&Typed>,
    work: impl FnOnce(&mut Books, &PortalSession) -> Result<(), Refusal>,
) -> Response {
    desk.change(|books| {
        let Some(session) = books.portals.get(id).cloned() else {
            return nothing_here();
        };
        match work(books, &session) {
            Ok(()) => lead_to(&format!("/portal/{id}")),
            Err(refusal) => {
                let page = view(books, id, typed, Some(&refusal));
                (StatusCode::PAYMENT_REQUIRED, page).into_response()
            }
        }
    })
}

fn own_subscription(books: &Books, session: &PortalSession, id: &str) -> Result<(), Refusal> {
    let is_own = books
        .running(&session.customer)
        .any(|subscription| subscription.id == id);
    if is_own {
        Ok(())
    } else {
        Err(Refusal::missing("subscription", id))
    }
}

fn view(books: &Books, id: &str, typed: Option<&Typed>, refusal: Option<&Refusal>) -> Response {
    let Some(session) = books.portals.get(id) else {
        return nothing_here();
    };
    let Ok(customer) = books.customer(&session.customer) else {
        return nothing_here();
    };
    let subscriptions: String = books
        .running(&customer.id)
        .map(|subscription| subscription_section(books, session, subscription))
        .collect();
    let subscriptions = if subscriptions.is_empty() {
        "<section><p>There is no subscription.</p></section>".to_owned()
    } else {
        subscriptions
    };
    let card = card_section(books, session, customer, typed);
    // What the visit is for comes first.
    let (first, second) = if session.flow.as_deref() == Some("payment_method_update") {
        (card, subscriptions)
    } else {
        (subscriptions, card)
    };
    let body = format!(
        "{alert}{first}{second}{invoices}{back}",
        alert = alert(refusal),
        invoices = invoices_section(books, session, customer),
        back = way_back(session.return_url.as_deref()),
    );
    page("Billing", &body)
}

fn subscription_section(
    books: &Books,
    session: &PortalSession,
    subscription: &Subscription,
) -> String {
    let prices: i64 = subscription.items.iter().map(|item| books.cost(item)).sum();
    let names: Vec<&str> = subscription
        .items
        .iter()
        .map(|item| books.ware(&item.price))
        .collect();
    let until = match subscription.cancel_at {
        Some(end) => format!("Ends on {}.", moment::date(end)),
        None => format!("Renews on {}.", moment::date(subscription.period.end)),
    };
    let own = Some(("id", subscription.id.as_str()));
    let choice = if subscription.cancel_at.is_some() {
        button(&path(session, "keep"), "Keep subscription", "", own)
    } else {
        button(
            &path(session, "cancel"),
            "Cancel subscription",
            "quiet",
            own,
        )
    };
    format!(
        "<section><h2>Subscription</h2><p class=\"price\">{}</p>\
         <p>{} <span class=\"faint\">per {}</span></p><p class=\"faint\">Status: {}. {until}</p>\
         {choice}</section>",
        escape(&money(prices, &subscription.currency)),
        escape(&names.join(", ")),
        subscription.every.interval.name(),
        subscription.standing.name().replace('_', " "),
    )
}

fn card_section(
    books: &Books,
    session: &PortalSession,
    customer: &Customer,
    typed: Option<&Typed>,
) -> String {
    let on_file = books.card_on_file(&customer.id).map_or_else(
        || "No card is on file.".to_owned(),
        |card| {
            format!(
                "{} ending in {}, expires {:02}/{}",
                card.kind.brand_name(),
                card.kind.last4(),
                card.exp_month,
                card.exp_year
            )
        },
    );
    let name = customer.name.as_deref().unwrap_or("Sandbox Customer");
    format!(
        "<section><h2>Payment method</h2><p>{}</p>\
         <form method=\"post\" action=\"{}\" class=\"wide\">{}<button>Update card</button></form>\
         </section>",
        escape(&on_file),
        escape(&path(session, "card")),
        card_form::fields(typed, books.now, name),
    )
}

fn invoices_section(books: &Books, session: &PortalSession, customer: &Customer) -> String {
    let rows: String = books
        .invoices
        .values()
        .rev()
        .filter(|invoice| invoice.customer == customer.id)
        .filter(|invoice| invoice.state != InvoiceState::Draft)
        .take(LISTED)
        .map(|invoice| {
            let pay = if invoice.is_open() {
                let own = Some(("id", invoice.id.as_str()));
                button(&path(session, "pay"), "Pay invoice", "small", own)
            } else {
                String::new()
            };
            invoice::row(invoice, &pay)
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<section><h2>Invoices</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Invoices\"><table><thead><tr><th>Date</th>\
         <th>Number</th><th>Status</th><th class=\"amount\">Amount</th><th>PDF</th><th>To do</th></tr>\
         </thead><tbody>{rows}</tbody></table></div></section>"
    )
}

fn path(session: &PortalSession, verb: &str) -> String {
    format!("/portal/{}/{verb}", session.id)
}
