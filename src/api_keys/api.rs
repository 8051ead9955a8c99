//! The server functions of keys: a door and a call.

use leptos::prelude::*;

use super::model::{Keys, NewKey, Overlap};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{
    error::AppError,
    id::{ApiKeyId, OrgSlug},
};

#[server]
pub async fn list_api_keys(org: OrgSlug) -> Result<Keys, AppError> {
    super::server::list(&door::session(&org).await?).await
}

/// Makes a key, which the next page shows once.
#[server]
pub async fn create_api_key(org: OrgSlug, #[server(default)] new: NewKey) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    let made = super::server::create(&grant, new.check()?).await?;
    let page = format!("/app/{org}/settings/api-keys");
    answer::reveal(made.key, made.name, &page);
    Ok(())
}

/// Makes a key in place of another, which goes on for a while.
#[server]
pub async fn rotate_api_key(
    org: OrgSlug,
    key: ApiKeyId,
    #[server(default)] overlap: Overlap,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    let made = super::server::rotate(&grant, key, overlap).await?;
    let page = format!("/app/{org}/settings/api-keys");
    answer::reveal(made.key, made.name, &page);
    Ok(())
}

#[server]
pub async fn revoke_api_key(org: OrgSlug, key: ApiKeyId) -> Result<(), AppError> {
    super::server::revoke(&door::session(&org).await?, key).await?;
    answer::toast(Toast::ApiKeyRevoked);
    answer::go(&format!("/app/{org}/settings/api-keys"));
    Ok(())
}
