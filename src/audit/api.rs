//! The server functions of the audit log: a door and a call.

use leptos::prelude::*;

use super::model::{Activity, AuditQuery};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::OrgSlug};

#[server]
pub async fn get_activity(
    org: OrgSlug,
    #[server(default)] query: AuditQuery,
) -> Result<Activity, AppError> {
    super::server::activity(&door::session(&org).await?, &query).await
}
