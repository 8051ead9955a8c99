//! Waiting for what Stripe says.

use std::time::Duration;

use sea_orm::EntityTrait;

use super::{Payer, look};
use crate::{entity::organization, error::AppError};

/// How long one request waits: less than a request may take.
const PATIENCE: Duration = Duration::from_secs(12);
/// How often it is looked for what another node has done.
const PERIOD: Duration = Duration::from_secs(1);

/// Waits until the organization's billing is no longer what that mark was
/// given for, and gives the mark that it has; the same one, if that takes long.
///
/// # Errors
/// If the database fails.
pub async fn until_moved(grant: &Payer, seen: &str) -> Result<String, AppError> {
    let moved = &grant.agent().services().billing_moved;
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        // Whoever moves it between the look and the wait wakes us, too.
        let notified = moved.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        let db = grant.read().await?;
        let organization = organization::Entity::find_by_id(grant.organization().id)
            .one(&db)
            .await?
            .ok_or(AppError::NotFound)?;
        drop(db);
        let mark = look::mark(&organization);
        if mark != seen || tokio::time::Instant::now() >= until {
            return Ok(mark);
        }
        tokio::select! {
            () = notified => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}
