//! The browsers that a person has signed in with. Their tries are counted by
//! themselves, so that nobody who guesses at a password from elsewhere locks
//! its owner out.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use crate::{
    entity::{known_browser, user},
    error::AppError,
    id::{Email, UserId},
    server::{
        database::WriteTx,
        services::Services,
        throttle::{self, Tries},
        token,
    },
};

/// A browser is forgotten when nobody has signed in with it for this long.
const REMEMBERED: TimeDelta = TimeDelta::days(365);

/// How many browsers of a person are known; more make the oldest unknown.
pub const MOST_KNOWN: u64 = 50;

/// What a password that is tried for an address counts against: elsewhere that
/// address and the network that it comes from, in a browser that is known only
/// that browser.
///
/// # Errors
/// If the database fails.
pub async fn tries(
    services: &Services,
    email: &Email,
    browser: &str,
    network: &str,
) -> Result<Vec<Tries>, AppError> {
    let browser = token::hash(browser);
    let known = known_browser::Entity::find()
        .inner_join(user::Entity)
        .filter(user::Column::Email.eq(email.clone()))
        .filter(known_browser::Column::BrowserHash.eq(browser.clone()))
        .filter(known_browser::Column::SeenAt.gt(services.clock.now() - REMEMBERED))
        .count(services.db.unscoped("before anyone is signed in"))
        .await?;
    Ok(if known > 0 {
        vec![throttle::SIGN_IN_BY_BROWSER.by(&format!("{email} {browser:x?}"))]
    } else {
        vec![
            throttle::SIGN_IN_BY_ADDRESS.by(network),
            throttle::SIGN_IN_BY_ACCOUNT.by(email.as_str()),
        ]
    })
}

/// Knows a browser from now on as one that the person signs in with.
///
/// # Errors
/// If the database fails.
pub async fn remember(
    tx: &WriteTx,
    now: DateTime<Utc>,
    user: UserId,
    browser: &str,
) -> Result<(), AppError> {
    let again = OnConflict::columns([
        known_browser::Column::UserId,
        known_browser::Column::BrowserHash,
    ])
    .update_column(known_browser::Column::SeenAt)
    .to_owned();
    known_browser::Entity::insert(known_browser::ActiveModel {
        user_id: Set(user),
        browser_hash: Set(token::hash(browser)),
        seen_at: Set(now),
    })
    .on_conflict(again)
    .exec_without_returning(&**tx)
    .await?;
    let too_many = known_browser::Entity::find()
        .filter(known_browser::Column::UserId.eq(user))
        .order_by_desc(known_browser::Column::SeenAt)
        .offset(MOST_KNOWN)
        .limit(MOST_KNOWN)
        .all(&**tx)
        .await?;
    for forgotten in too_many {
        forgotten.delete(&**tx).await?;
    }
    Ok(())
}

/// # Errors
/// If the database fails.
pub async fn forget_all(tx: &WriteTx, user: UserId) -> Result<(), AppError> {
    known_browser::Entity::delete_many()
        .filter(known_browser::Column::UserId.eq(user))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Deletes what isn't remembered any more.
///
/// # Errors
/// If the database fails.
pub async fn delete_unseen(services: &Services) -> Result<(), AppError> {
    let long_ago: DateTime<Utc> = services.clock.now() - REMEMBERED;
    let tx = services.db.write("browsers of anyone").await?;
    known_browser::Entity::delete_many()
        .filter(known_browser::Column::SeenAt.lte(long_ago))
        .exec(&*tx)
        .await?;
    tx.commit().await
}
