//! The server functions of analytics: a door and a call.

use leptos::prelude::*;

use super::model::Overview;
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::OrgSlug};

#[server]
pub async fn get_overview(org: OrgSlug) -> Result<Overview, AppError> {
    super::server::overview(&door::session(&org).await?).await
}
