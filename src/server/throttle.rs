//! Tries are counted per account and per address, across all nodes; past a
//! few, each costs a longer wait.
//!
//! Whoever counts several kinds at once names them in one order: what many
//! share first, an address before an account before a recipient.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{database::WriteTx, services::Services, token};
use crate::{entity::throttle, error::AppError};

/// How many tries may be under way at once, past the free ones.
const AT_ONCE: i64 = 64;
/// A try that was under way for so long isn't any more.
const UNDER_WAY: TimeDelta = TimeDelta::seconds(60);

const WHY: &str = "tries are counted before anyone is known";

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
/// Wrong passwords for one account from a browser that has signed in to it.
pub const SIGN_IN_BY_BROWSER: Policy = Policy::new("sign-in browser", 5, 5, 900);
/// Wrong passwords from one address.
pub const SIGN_IN_BY_ADDRESS: Policy = Policy::new("sign-in address", 50, 5, 900);
/// Mail to one recipient that someone signed out asked for.
pub const MAIL_BY_RECIPIENT: Policy = Policy::new("mail recipient", 5, 60, 3600);
/// Mail that someone signed out at one address asked for.
pub const MAIL_BY_ADDRESS: Policy = Policy::new("mail address", 100, 30, 3600);
/// Links for new passwords that are tried from one address.
pub const RESET_BY_ADDRESS: Policy = Policy::new("reset address", 20, 5, 900);
/// Mail that someone signed in asked for.
pub const MAIL_BY_ACCOUNT: Policy = Policy::new("mail account", 10, 60, 3600);
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

    /// The tries of this kind by somebody.
    #[must_use]
    pub fn by(self, whose: &str) -> Tries {
        Tries {
            key: token::hash(format!("{}\0{whose}", self.name)),
            policy: self,
        }
    }
}

/// The tries of one kind by somebody.
#[derive(Clone, Debug)]
pub struct Tries {
    policy: Policy,
    key: Vec<u8>,
}

/// Takes a try of each kind, and pays for it at once.
///
/// # Errors
/// `TooManyTries` while a wait is running for one; none counts then.
pub async fn take(services: &Services, tries: &[Tries]) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write(WHY).await?;
    for tries in tries {
        let edit = |row: &mut throttle::Model| {
            begin_one(tries.policy, row, now)?;
            fail_one(tries.policy, row, now);
            Ok(())
        };
        change(&tx, now, tries, edit).await?;
    }
    tx.commit().await
}

/// Counts a try of each kind, which costs nothing until it has failed. Only so
/// many may be under way at once past the free ones.
///
/// # Errors
/// `TooManyTries` while a wait is running for one; none counts then.
pub async fn begin(services: &Services, tries: &[Tries]) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write(WHY).await?;
    for tries in tries {
        let edit = |row: &mut throttle::Model| begin_one(tries.policy, row, now);
        change(&tx, now, tries, edit).await?;
    }
    tx.commit().await
}

/// Makes the next try of each kind wait.
///
/// # Errors
/// If the database fails.
pub async fn failed(services: &Services, tries: &[Tries]) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write(WHY).await?;
    for tries in tries {
        let edit = |row: &mut throttle::Model| {
            fail_one(tries.policy, row, now);
            Ok(())
        };
        change(&tx, now, tries, edit).await?;
    }
    tx.commit().await
}

/// Takes a try back: it was no guess.
///
/// # Errors
/// If the database fails.
pub async fn give_back(tx: &WriteTx, now: DateTime<Utc>, tries: &Tries) -> Result<(), AppError> {
    let edit = |row: &mut throttle::Model| {
        row.under_way = (row.under_way - 1).max(0);
        Ok(())
    };
    change(tx, now, tries, edit).await
}

/// Forgets all tries.
///
/// # Errors
/// If the database fails.
pub async fn forget(services: &Services, tries: &Tries) -> Result<(), AppError> {
    let tx = services.db.write(WHY).await?;
    forget_in(&tx, tries).await?;
    tx.commit().await
}

/// Forgets all tries, together with something else.
///
/// # Errors
/// If the database fails.
pub async fn forget_in(tx: &WriteTx, tries: &Tries) -> Result<(), AppError> {
    throttle::Entity::delete_by_id(tries.key.clone())
        .exec(&**tx)
        .await?;
    Ok(())
}

fn begin_one(
    policy: Policy,
    row: &mut throttle::Model,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let wait = (row.blocked_until - now).num_milliseconds();
    if wait > 0 {
        let retry_after = u32::try_from(wait.unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX);
        return Err(AppError::TooManyTries { retry_after });
    }
    if now - row.last_try_at > policy.longest_wait * 2 {
        (row.tries, row.under_way) = (0, 0);
    } else if now - row.last_try_at > UNDER_WAY {
        row.under_way = 0;
    }
    if row.under_way >= policy.free + AT_ONCE {
        return Err(AppError::TooManyTries { retry_after: 1 });
    }
    row.under_way += 1;
    row.last_try_at = now;
    Ok(())
}

fn fail_one(policy: Policy, row: &mut throttle::Model, now: DateTime<Utc>) {
    row.tries += 1;
    row.under_way = (row.under_way - 1).max(0);
    row.last_try_at = now;
    row.blocked_until = now + policy.wait_after(row.tries);
}

/// Changes a count, alone with it; not at all if that is refused.
async fn change(
    tx: &WriteTx,
    now: DateTime<Utc>,
    tries: &Tries,
    edit: impl FnOnce(&mut throttle::Model) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut row = locked_row(tx, now, tries.key.clone()).await?;
    edit(&mut row)?;
    throttle::Entity::update(throttle::ActiveModel {
        key: Set(row.key),
        tries: Set(row.tries),
        under_way: Set(row.under_way),
        last_try_at: Set(row.last_try_at),
        blocked_until: Set(row.blocked_until),
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

/// Deletes what was forgotten long ago.
///
/// # Errors
/// If the database fails.
pub async fn delete_forgotten(services: &Services) -> Result<(), AppError> {
    let long_ago = services.clock.now() - TimeDelta::days(1);
    let tx = services.db.write(WHY).await?;
    throttle::Entity::delete_many()
        .filter(throttle::Column::LastTryAt.lte(long_ago))
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
        under_way: Set(0),
        last_try_at: Set(now),
        blocked_until: Set(now),
    };
    // An update that changes nothing locks the row, whoever made it; to do
    // nothing would leave it free to go before it is read.
    let seen = OnConflict::column(throttle::Column::Key)
        .update_column(throttle::Column::Key)
        .to_owned();
    throttle::Entity::insert(unseen)
        .on_conflict(seen)
        .exec_without_returning(&**tx)
        .await?;
    throttle::Entity::find_by_id(key)
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
