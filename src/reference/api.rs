//! The server function of the reference.

use leptos::prelude::*;

use super::model::Reference;
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::error::AppError;

/// What the API offers, to whoever asks.
#[server]
pub async fn get_reference() -> Result<Reference, AppError> {
    Ok(describe(&door::visitor()?.services))
}
