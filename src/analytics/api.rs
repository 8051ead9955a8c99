//! The server functions of analytics: a door and a call.

use leptos::prelude::*;

use super::model::{History, Overview, Range};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::OrgSlug};

#[server]
pub async fn get_overview(
    org: OrgSlug,
    #[server(default)] range: Range,
) -> Result<Overview, AppError> {
    super::server::overview(&door::session(&org).await?, range).await
}

/// For a page that has been open since before the range's last stretch began.
#[server]
pub async fn get_history(
    org: OrgSlug,
    #[server(default)] range: Range,
) -> Result<History, AppError> {
    super::server::history(&door::session(&org).await?, range).await
}
