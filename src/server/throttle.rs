//! Tries are counted per account and per address, across all nodes; past a
//! few, each costs a longer wait.
//!
//! A try is paid for before it is made, so that many at once pay like many in
//! a row; whoever needn't have been slowed down is given it back. Tries are
//! forgotten one by one as time goes on, so that many people behind one
//! address, who mistype now and then, aren't counted as one who guesses.
//!
//! Whoever counts several kinds at once names them in one order: what many
//! share first, an address before an account before a recipient.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{database::WriteTx, services::Services, token};
use crate::{entity::throttle, error::AppError};

const WHY: &str = "tries are counted before anyone is known";

/// How many tries are free, and what the next ones cost.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    name: &'static str,
    free: i32,
    first_wait: TimeDelta,
    longest_wait: TimeDelta,
    /// Whether many people are counted as one.
    is_shared: bool,
}

/// Passwords tried for one account.
pub const SIGN_IN_BY_ACCOUNT: Policy = Policy::new("sign-in account", 5, 5, 900);
/// Passwords tried for one account from a browser that has signed in to it.
pub const SIGN_IN_BY_BROWSER: Policy = Policy::new("sign-in browser", 5, 5, 900);
/// Passwords tried from one address.
pub const SIGN_IN_BY_ADDRESS: Policy = Policy::new("sign-in address", 50, 5, 900).shared();
/// Mail to one recipient that someone signed out asked for.
pub const MAIL_BY_RECIPIENT: Policy = Policy::new("mail recipient", 5, 60, 3600);
/// Mail to one recipient that someone signed in asked for: counted apart, so
/// that strangers keep nobody from changing to an address.
pub const CHANGE_BY_RECIPIENT: Policy = Policy::new("change recipient", 5, 60, 3600);
/// Mail that someone signed out at one address asked for.
pub const MAIL_BY_ADDRESS: Policy = Policy::new("mail address", 100, 30, 3600);
/// Links for new passwords that are tried from one address.
pub const RESET_BY_ADDRESS: Policy = Policy::new("reset address", 20, 5, 900);
/// Mail that someone signed in asked for.
pub const MAIL_BY_ACCOUNT: Policy = Policy::new("mail account", 10, 60, 3600);
/// Invitations into one organization.
pub const INVITE_BY_ORGANIZATION: Policy = Policy::new("invite organization", 100, 30, 3600);
/// Invitations of one address into one organization: what others do with the
/// address is nobody else's business.
pub const INVITE_BY_RECIPIENT: Policy = Policy::new("invite recipient", 5, 60, 3600);
/// Invitations of one address by one person, into whichever organization.
pub const INVITE_BY_ACCOUNT: Policy = Policy::new("invite account", 10, 60, 3600);
/// Passwords of someone signed in, who confirms a change with it.
pub const CONFIRM_BY_ACCOUNT: Policy = Policy::new("confirm account", 5, 5, 900);

impl Policy {
    const fn new(name: &'static str, free: i32, first_wait: i64, longest_wait: i64) -> Self {
        Self {
            name,
            free,
            first_wait: TimeDelta::seconds(first_wait),
            longest_wait: TimeDelta::seconds(longest_wait),
            is_shared: false,
        }
    }

    const fn shared(self) -> Self {
        Self {
            is_shared: true,
            ..self
        }
    }

    /// The tries of this kind by somebody.
    #[must_use]
    pub fn by(self, whose: &str) -> Tries {
        Tries {
            key: token::hash(format!("{}\0{whose}", self.name)),
            policy: self,
            count: 1,
        }
    }

    /// After how long a try is forgotten: as many as are free within twice the
    /// longest wait.
    fn memory(&self) -> TimeDelta {
        self.longest_wait * 2 / self.free
    }

    /// How many tries are remembered if the last will be forgotten then.
    fn remembered(&self, empty_at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
        let left = (empty_at - now).num_milliseconds().max(0);
        let one = self.memory().num_milliseconds().max(1);
        left.unsigned_abs()
            .div_ceil(one.unsigned_abs())
            .cast_signed()
    }

    /// Doubles with each try past the free ones.
    fn wait_after(&self, tries: i64) -> TimeDelta {
        match tries - i64::from(self.free) {
            ..0 => TimeDelta::zero(),
            past => self
                .first_wait
                .checked_mul(1_i32 << past.min(16))
                .unwrap_or(self.longest_wait)
                .min(self.longest_wait),
        }
    }

    /// For so many tries at once, which wait together.
    fn charge(
        &self,
        row: &mut throttle::Model,
        now: DateTime<Utc>,
        count: i32,
    ) -> Result<(), AppError> {
        let wait = (row.blocked_until - now).num_milliseconds();
        if wait > 0 {
            let retry_after = u32::try_from(wait.unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX);
            return Err(AppError::TooManyTries { retry_after });
        }
        row.empty_at = row.empty_at.max(now) + self.memory() * count;
        row.blocked_until = now + self.wait_after(self.remembered(row.empty_at, now));
        Ok(())
    }
}

/// The tries of one kind by somebody.
#[derive(Clone, Debug)]
pub struct Tries {
    policy: Policy,
    key: Vec<u8>,
    count: i32,
}

impl Tries {
    /// So many at once.
    #[must_use]
    pub fn times(self, count: usize) -> Self {
        Self {
            count: i32::try_from(count).unwrap_or(i32::MAX),
            ..self
        }
    }
}

/// Takes and pays for a try of each kind.
///
/// # Errors
/// `TooManyTries` while a wait is running for one; none counts then.
pub async fn take(services: &Services, tries: &[Tries]) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write(WHY).await?;
    for tries in tries {
        let mut row = locked_row(&tx, now, tries.key.clone()).await?;
        tries.policy.charge(&mut row, now, tries.count)?;
        store(&tx, row).await?;
    }
    tx.commit().await
}

/// Whoever tried was right. What is counted for one account is forgotten; what
/// many share is given back, and no more: somebody's own account must not buy
/// guesses at those of others.
///
/// # Errors
/// If the database fails.
pub async fn passed(tx: &WriteTx, now: DateTime<Utc>, tries: &Tries) -> Result<(), AppError> {
    if !tries.policy.is_shared {
        return forget_in(tx, tries).await;
    }
    let mut row = locked_row(tx, now, tries.key.clone()).await?;
    row.empty_at -= tries.policy.memory();
    // It would not have been taken during a wait, so there is none but its own.
    row.blocked_until = now;
    store(tx, row).await
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

/// Deletes what is forgotten.
///
/// # Errors
/// If the database fails.
pub async fn delete_forgotten(services: &Services) -> Result<(), AppError> {
    let now = services.clock.now();
    let tx = services.db.write(WHY).await?;
    throttle::Entity::delete_many()
        .filter(throttle::Column::EmptyAt.lte(now))
        .filter(throttle::Column::BlockedUntil.lte(now))
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
        empty_at: Set(now),
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

async fn store(tx: &WriteTx, row: throttle::Model) -> Result<(), AppError> {
    throttle::Entity::update(throttle::ActiveModel {
        key: Set(row.key),
        empty_at: Set(row.empty_at),
        blocked_until: Set(row.blocked_until),
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries at these seconds, and whether each was let through.
    fn tried(policy: Policy, at: impl IntoIterator<Item = i64>) -> Vec<bool> {
        let begin = DateTime::UNIX_EPOCH;
        let mut row = throttle::Model {
            key: Vec::new(),
            empty_at: begin,
            blocked_until: begin,
        };
        at.into_iter()
            .map(|second| {
                policy
                    .charge(&mut row, begin + TimeDelta::seconds(second), 1)
                    .is_ok()
            })
            .collect()
    }

    #[test]
    fn each_try_past_the_free_ones_costs_twice_the_last() {
        let waits = [1, 4, 5, 6, 7, 20, 1_000]
            .map(|tries| SIGN_IN_BY_ACCOUNT.wait_after(tries).num_seconds());
        assert_eq!(waits, [0, 0, 5, 10, 20, 900, 900]);
    }

    #[test]
    fn of_many_at_once_only_the_free_ones_are_let_through() {
        let through = tried(SIGN_IN_BY_ACCOUNT, [0; 120]);
        assert_eq!(through.iter().filter(|through| **through).count(), 5);
    }

    #[test]
    fn whoever_goes_on_guessing_gets_few_tries_a_day() {
        let through = tried(SIGN_IN_BY_ACCOUNT, 0..86_400);
        let let_through = through.iter().filter(|through| **through).count();
        assert!((96..=260).contains(&let_through), "{let_through}");
    }

    #[test]
    fn many_who_mistype_now_and_then_are_not_slowed_down() {
        let through = tried(SIGN_IN_BY_ADDRESS, (0..86_400).step_by(40));
        assert!(through.iter().all(|through| *through));
    }

    #[test]
    fn many_at_once_wait_once() {
        let begin = DateTime::UNIX_EPOCH;
        let mut row = throttle::Model {
            key: Vec::new(),
            empty_at: begin,
            blocked_until: begin,
        };
        let mut charge = |second, count| {
            let now = begin + TimeDelta::seconds(second);
            INVITE_BY_ORGANIZATION.charge(&mut row, now, count).is_ok()
        };
        assert!(
            charge(0, 95) && charge(1, 20),
            "the last of them go over the limit"
        );
        assert!(!charge(2, 1), "and those after them wait");
    }

    #[test]
    fn tries_are_forgotten() {
        let half_an_hour = 30 * 60;
        let through = tried(
            SIGN_IN_BY_ACCOUNT,
            [0, 0, 0, 0, 0, 0, half_an_hour, half_an_hour],
        );
        assert_eq!(through.get(5..), Some([false, true, true].as_slice()));
    }
}
