//! An invoice to look at, to pay, and to keep.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::CONTENT_DISPOSITION, header::CONTENT_TYPE};

use super::{
    html::{alert, button, escape, lead_to, money, nothing_here, page},
    pdf,
};
use crate::sandbox::{
    books::{Books, invoice::Invoice},
    desk::Desk,
    life::collect::Scene,
    moment,
    refusal::Refusal,
};

pub async fn show(State(desk): State<Desk>, Path(secret): Path<String>) -> Response {
    desk.look(|books| view(books, &secret, None))
}

pub async fn pay(State(desk): State<Desk>, Path(secret): Path<String>) -> Response {
    desk.change(|books| {
        let Some(id) = found(books, &secret).map(|invoice| invoice.id.clone()) else {
            return nothing_here();
        };
        match books.collect(&id, None, Scene::Asked) {
            Ok(()) => lead_to(&format!("/invoice/{secret}")),
            Err(refusal) => {
                let page = view(books, &secret, Some(&refusal));
                (StatusCode::PAYMENT_REQUIRED, page).into_response()
            }
        }
    })
}

pub async fn pdf(State(desk): State<Desk>, Path(secret): Path<String>) -> Response {
    let Some(invoice) = desk.look(|books| found(books, &secret).cloned()) else {
        return nothing_here();
    };
    let number = invoice.number.as_deref().unwrap_or("draft");
    let name = format!("inline; filename=\"Invoice-{number}.pdf\"");
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    (headers, pdf::sheet(&lines(&invoice))).into_response()
}

/// An invoice as a row of a table: date, number, state, amount, PDF, and what
/// can be done.
#[must_use]
pub fn row(invoice: &Invoice, act: &str) -> String {
    let number = escape(invoice.number.as_deref().unwrap_or("draft"));
    format!(
        "<tr><td>{}</td><td><a href=\"/invoice/{secret}\">{number}</a></td><td>{}</td>\
         <td class=\"amount\">{}</td>\
         <td><a href=\"/invoice/{secret}/pdf\" aria-label=\"PDF of {number}\">PDF</a></td>\
         <td>{act}</td></tr>",
        moment::date(invoice.created),
        invoice.state.name(),
        escape(&money(invoice.amount_due, &invoice.currency)),
        secret = invoice.secret,
    )
}

fn found<'a>(books: &'a Books, secret: &str) -> Option<&'a Invoice> {
    books
        .invoices
        .values()
        .find(|invoice| invoice.secret == secret)
}

fn view(books: &Books, secret: &str, refusal: Option<&Refusal>) -> Response {
    let Some(invoice) = found(books, secret) else {
        return nothing_here();
    };
    let rows: String = invoice
        .lines
        .iter()
        .map(|line| {
            format!(
                "<tr><td>{}<br><span class=\"faint\">{} – {}</span></td>\
                 <td class=\"amount\">{}</td></tr>",
                escape(&line.description),
                moment::date(line.span.start),
                moment::date(line.span.end),
                escape(&money(line.amount, &line.currency)),
            )
        })
        .collect();
    let state = match invoice.paid_at {
        Some(at) => format!("<p class=\"done\">Paid on {}</p>", moment::date(at)),
        None => format!("<p class=\"faint\">Status: {}</p>", invoice.state.name()),
    };
    let pay = if invoice.is_open() {
        button(&format!("/invoice/{secret}"), "Pay invoice", "", None)
    } else {
        String::new()
    };
    let number = invoice.number.as_deref().unwrap_or("draft");
    let body = format!(
        "{}<section><p class=\"price\">{}</p>{state}<p class=\"faint\">{}</p>\
         <div class=\"scroll\"><table><thead><tr><th>For</th><th class=\"amount\">Amount</th></tr>\
         </thead><tbody>{rows}</tbody></table></div></section>\
         <div class=\"row\">{pay}<a href=\"/invoice/{secret}/pdf\">Download PDF</a></div>",
        alert(refusal),
        escape(&money(invoice.amount_due, &invoice.currency)),
        escape(invoice.customer_email.as_deref().unwrap_or_default()),
    );
    page(&format!("Invoice {number}"), &body)
}

/// What is written on the sheet.
fn lines(invoice: &Invoice) -> Vec<String> {
    let number = invoice.number.as_deref().unwrap_or("draft");
    let mut lines = vec![
        "Atrium".to_owned(),
        format!("Invoice {number}"),
        format!("Date: {}", moment::date(invoice.created)),
        format!(
            "To: {} {}",
            invoice.customer_name.as_deref().unwrap_or_default(),
            invoice.customer_email.as_deref().unwrap_or_default()
        ),
        String::new(),
    ];
    for line in &invoice.lines {
        let amount = money(line.amount, &line.currency);
        lines.push(format!("{}: {amount}", line.description));
    }
    lines.extend([
        String::new(),
        format!("Total: {}", money(invoice.total(), &invoice.currency)),
        format!("Due: {}", money(invoice.amount_due, &invoice.currency)),
        format!("Status: {}", invoice.state.name()),
        String::new(),
        "Sandbox - no money moves".to_owned(),
    ]);
    lines
}
