use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// What time it is, to the millisecond, which both databases keep.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// The system's time, moved by so many milliseconds.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that can be moved on by hand.
    #[must_use]
    pub fn shifted() -> Self {
        Self::Shifted(Arc::default())
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now().trunc_subsecs(3);
        match self {
            Self::System => now,
            Self::Shifted(by) => now + TimeDelta::milliseconds(by.load(Ordering::Relaxed)),
        }
    }

    /// Moves a shifted clock on; the system's time can't be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Shifted(shift) = self {
            shift.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
        }
    }
}
