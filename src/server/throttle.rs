//! Tries are counted per account and per address, across all nodes; past a
//! few, each costs a longer wait.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect, sea_query::OnConflict};

use super::{database::WriteTx, services::Services, token};
use crate::{entity::throttle, error::AppError};

/// How many tries are free, and what the next ones cost.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    name: &'static str,
    free: i64,
    first_wait: TimeDelta,
    longest_wait: TimeDelta,
}

/// Wrong passwords for one account.
pub const SIGN_IN_BY_ACCOUNT: Policy = Policy::new("sign-in account", 5, 5, 900);
/// Wrong passwords from one address.
pub const SIGN_IN_BY_ADDRESS: Policy = Policy::new("sign-in address", 50, 5, 900);
/// Mail to one recipient that someone signed out asked for.
pub const MAIL_BY_RECIPIENT: Policy = Policy::new("mail recipient", 5, 60, 3600);
/// Mail that someone signed out at one address asked for.
pub const MAIL_BY_ADDRESS: Policy = Policy::new("mail address", 100, 30, 3600);
/// Wrong passwords of someone signed in, who confirms a change with it.
pub const CONFIRM_BY_ACCOUNT: Policy = Policy::new("confirm account", 5, 5, 900);

impl Policy {
    const fn new(name: &'static str, free: i64, first_wait: i64, longest_wait: i64) -> Self {
        Self {
            name,
            free,
            first_wait: TimeDelta::seconds(first_wait),
            longest_wait: TimeDelta::seconds(longest_wait),
        }
    }

    /// Doubles with each try past the free ones.
    fn wait_after(&self, tries: i64) -> TimeDelta {
        match tries - self.free {
            ..0 => TimeDelta::zero(),
            past => self
                .first_wait
                .checked_mul(1_i32 << past.min(16))
                .unwrap_or(self.longest_wait)
                .min(self.longest_wait),
        }
    }

    fn key(&self, whose: &str) -> Vec<u8> {
        token::hash(format!("{}\0{whose}", self.name))
    }
}

/// Takes a try, which counts until it is given back.
///
/// # Errors
/// `TooManyTries` while a wait is running; the try doesn't count then.
pub async fn take(services: &Services, policy: Policy, whose: &str) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services
        .db
        .write("tries are counted before anyone is known")
        .await?;
    let row = locked_row(&tx, now, policy.key(whose)).await?;
    let wait = (row.blocked_until - now).num_milliseconds();
    if wait > 0 {
        let retry_after = u32::try_from(wait.unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX);
        return Err(AppError::TooManyTries { retry_after });
    }
    let forgotten = now - row.last_try_at > policy.longest_wait * 2;
    let tries = if forgotten { 1 } else { row.tries + 1 };
    throttle::Entity::update(throttle::ActiveModel {
        key: Set(row.key),
        tries: Set(tries),
        last_try_at: Set(now),
        blocked_until: Set(now + policy.wait_after(tries)),
    })
    .exec(&*tx)
    .await?;
    tx.commit().await
}

/// Gives a try back: it was no guess.
///
/// # Errors
/// If the database fails.
pub async fn give_back(services: &Services, policy: Policy, whose: &str) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services
        .db
        .write("tries are counted before anyone is known")
        .await?;
    let row = locked_row(&tx, now, policy.key(whose)).await?;
    let tries = row.tries.saturating_sub(1).max(0);
    throttle::Entity::update(throttle::ActiveModel {
        key: Set(row.key),
        tries: Set(tries),
        last_try_at: Set(row.last_try_at),
        blocked_until: Set(row.last_try_at),
    })
    .exec(&*tx)
    .await?;
    tx.commit().await
}

/// Forgets all tries.
///
/// # Errors
/// If the database fails.
pub async fn forget(services: &Services, policy: Policy, whose: &str) -> Result<(), AppError> {
    let tx = services
        .db
        .write("tries are counted before anyone is known")
        .await?;
    throttle::Entity::delete_by_id(policy.key(whose))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

async fn locked_row(
    tx: &WriteTx,
    now: DateTime<Utc>,
    key: Vec<u8>,
) -> Result<throttle::Model, AppError> {
    let unseen = throttle::ActiveModel {
        key: Set(key.clone()),
        tries: Set(0),
        last_try_at: Set(now),
        blocked_until: Set(now),
    };
    throttle::Entity::insert(unseen)
        .on_conflict(
            OnConflict::column(throttle::Column::Key)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await?;
    throttle::Entity::find_by_id(key)
        .lock_exclusive()
        .one(&**tx)
        .await?
        .ok_or(AppError::Unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_past_the_free_ones_costs_twice_the_last() {
        let waits = [1, 4, 5, 6, 7, 20, 1_000]
            .map(|tries| SIGN_IN_BY_ACCOUNT.wait_after(tries).num_seconds());
        assert_eq!(waits, [0, 0, 5, 10, 20, 900, 900]);
    }
}
