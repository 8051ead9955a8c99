//! The accounts of the demo organizations, which a seeded installation shows
//! beside its sign-in form; any other has none.

use std::collections::BTreeMap;

use sea_orm::EntityTrait;
use serde::de::DeserializeOwned;

use crate::{
    entity::instance, error::AppError, identity::model::DemoAccounts, server::services::Services,
};

/// The key under which a seed leaves the accounts that it made, as JSON.
pub const INSTANCE_KEY: &str = "demo";

/// The key under which a seed leaves the API keys that it made, by the slugs of
/// their organizations. Whoever looks at the sign-in page isn't told of them.
pub const KEYS_KEY: &str = "demo_api_keys";

/// # Errors
/// If the database fails.
pub async fn keys(services: &Services) -> Result<BTreeMap<String, String>, AppError> {
    let seeded = seeded(services, KEYS_KEY).await?;
    Ok(seeded.unwrap_or_default())
}

/// # Errors
/// If the database fails.
pub async fn accounts(services: &Services) -> Result<Option<DemoAccounts>, AppError> {
    seeded(services, INSTANCE_KEY).await
}

async fn seeded<T: DeserializeOwned>(
    services: &Services,
    key: &str,
) -> Result<Option<T>, AppError> {
    let db = services.db.unscoped("the installation's own settings");
    let seeded = instance::Entity::find_by_id(key.to_owned()).one(db).await?;
    Ok(seeded.and_then(|row| serde_json::from_str(&row.value).ok()))
}
