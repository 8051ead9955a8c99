//! What a browser sees: the till, the portal, invoices, and the operator's
//! table.

mod card_form;
mod checkout;
mod html;
mod invoice;
mod operator;
mod pdf;
mod portal;
mod style;

use axum::{
    Router,
    routing::{get, post},
};

use super::desk::Desk;

pub fn router() -> Router<Desk> {
    Router::new()
        .route("/checkout/{id}", get(checkout::show).post(checkout::pay))
        .route(
            "/checkout/{id}/confirm",
            get(checkout::ask).post(checkout::confirm),
        )
        .route("/portal/{id}", get(portal::show))
        .route("/portal/{id}/card", post(portal::set_card))
        .route("/portal/{id}/cancel", post(portal::cancel))
        .route("/portal/{id}/keep", post(portal::keep))
        .route("/portal/{id}/pay", post(portal::pay))
        .route("/invoice/{secret}", get(invoice::show).post(invoice::pay))
        .route("/invoice/{secret}/pdf", get(invoice::pdf))
}

/// Pages for whoever works with the sandbox.
pub fn operator_router() -> Router<Desk> {
    Router::new()
        .route("/", get(operator::show))
        .route("/operator/clock", post(operator::set_clock))
        .route("/operator/resend", post(operator::resend))
        .route("/operator/outage", post(operator::set_outage))
        .route("/operator/payments", post(operator::set_payments))
}
