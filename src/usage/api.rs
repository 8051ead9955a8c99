//! The server functions of usage: a door and a call.

use leptos::prelude::*;

use super::model::UsageReport;
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::OrgSlug};

#[server]
pub async fn get_usage(org: OrgSlug) -> Result<UsageReport, AppError> {
    super::server::report(&door::session::<can::ViewUsage>(&org).await?).await
}
