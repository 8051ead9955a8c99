//! The accounts of the demo organizations, which a seeded installation shows
//! beside its sign-in form; any other has none.

use sea_orm::EntityTrait;

use crate::{
    entity::instance, error::AppError, identity::model::DemoAccounts, server::services::Services,
};

/// The key under which a seed leaves the accounts that it made, as JSON.
pub const INSTANCE_KEY: &str = "demo";

/// # Errors
/// If the database fails.
pub async fn accounts(services: &Services) -> Result<Option<DemoAccounts>, AppError> {
    let db = services.db.unscoped("the installation's own settings");
    let seeded = instance::Entity::find_by_id(INSTANCE_KEY.to_owned())
        .one(db)
        .await?;
    Ok(seeded.and_then(|row| serde_json::from_str(&row.value).ok()))
}
