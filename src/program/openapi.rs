//! The description of the API, over HTTP and on the command line.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header::CONTENT_TYPE;

use super::Failure;
use crate::{
    public_api::document,
    server::{config::Config, services::Services},
};

pub async fn document(State(services): State<Services>) -> Response {
    let document = document::document(services.config.app_url().origin());
    let kind = [(CONTENT_TYPE, "application/json")];
    (kind, document.to_string()).into_response()
}

/// Prints it.
///
/// # Errors
/// If it can't be written as JSON.
pub fn print(config: &Config) -> Result<(), Failure> {
    let document = document::document(config.app_url().origin());
    let text =
        serde_json::to_string_pretty(&document).map_err(|error| Failure(error.to_string()))?;
    println!("{text}");
    Ok(())
}
