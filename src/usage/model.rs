//! What people are shown of what they use.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    billing::{Limit, Plan, Quota},
    organizations::model::Usage,
};

/// For how many days back calls are shown, as far as the plan keeps them.
pub const CHART_DAYS: u64 = 30;

/// A calendar month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    first: NaiveDate,
}

impl Period {
    #[must_use]
    pub fn of(now: DateTime<Utc>) -> Self {
        let today = now.date_naive();
        Self {
            first: today.with_day(1).unwrap_or(today),
        }
    }

    /// As it is stored: `2026-11`.
    #[must_use]
    pub fn name(&self) -> String {
        self.first.format("%Y-%m").to_string()
    }

    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.first.and_time(NaiveTime::MIN).and_utc()
    }

    /// When the next one begins.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        let next = self.first.checked_add_months(Months::new(1));
        next.unwrap_or(self.first)
            .and_time(NaiveTime::MIN)
            .and_utc()
    }

    /// How many there will be at its end if it goes on like this; nothing
    /// within its first day, which says too little.
    #[must_use]
    pub fn forecast(&self, used: u64, now: DateTime<Utc>) -> Option<u64> {
        let gone = (now - self.start()).num_minutes();
        let whole = (self.end() - self.start()).num_minutes();
        if gone < 24 * 60 {
            return None;
        }
        let forecast =
            u128::from(used) * u128::from(whole.unsigned_abs()) / u128::from(gone.unsigned_abs());
        u64::try_from(forecast).ok()
    }
}

/// The calls of a day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CallsOfDay {
    #[cfg_attr(feature = "ssr", schema(example = "2026-11-23"))]
    pub day: NaiveDate,
    pub calls: u64,
}

/// What is used of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitUse {
    pub limit: Limit,
    pub usage: Usage,
}

/// How much of each limit is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InUse {
    pub projects: Usage,
    /// Members, and invitations that may be accepted.
    pub members: Usage,
    /// Of the month.
    pub calls: Usage,
    /// Bytes.
    pub storage: Usage,
    /// In the project that has most.
    pub environments: Usage,
}

/// What an organization uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageReport {
    pub plan: Plan,
    /// The month that calls are counted in: `2026-11`.
    pub period: String,
    /// When the next month begins.
    pub resets_at: DateTime<Utc>,
    pub in_use: InUse,
    /// The last days, oldest first, as far as the plan keeps them.
    pub by_day: Vec<CallsOfDay>,
    /// Calls at the end of the month, if it goes on like this.
    pub forecast: Option<u64>,
    /// When it was read.
    pub now: DateTime<Utc>,
}

impl InUse {
    /// In the order in which they are shown.
    #[must_use]
    pub const fn limits(&self) -> [LimitUse; 5] {
        const fn of(limit: Limit, usage: Usage) -> LimitUse {
            LimitUse { limit, usage }
        }
        [
            of(Limit::ApiCalls, self.calls),
            of(Limit::StorageBytes, self.storage),
            of(Limit::Projects, self.projects),
            of(Limit::Members, self.members),
            of(Limit::EnvironmentsPerProject, self.environments),
        ]
    }
}

/// The last days up to that one, oldest first: as many as are shown, and no
/// more than the plan keeps.
#[must_use]
pub fn days_shown(today: NaiveDate, kept: Quota) -> Vec<NaiveDate> {
    let count = match kept {
        Quota::Limited(days) => days.min(CHART_DAYS),
        Quota::Unlimited => CHART_DAYS,
    };
    let first = today.checked_sub_days(Days::new(count.saturating_sub(1)));
    let days = first.unwrap_or(today).iter_days();
    days.take_while(|day| *day <= today).collect()
}

/// How far a limit is used, for those who are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 80 % or more.
    Most,
    All,
}

impl Level {
    #[must_use]
    pub const fn of(used: u64, quota: Quota) -> Option<Self> {
        match quota {
            Quota::Limited(max) if used >= max => Some(Self::All),
            Quota::Limited(max) if used >= max - max / 5 => Some(Self::Most),
            Quota::Limited(_) | Quota::Unlimited => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        for (now, name, end) in [
            ("2026-11-23T19:00:00Z", "2026-11", "2026-12-01T00:00:00Z"),
            ("2026-12-31T23:59:59Z", "2026-12", "2027-01-01T00:00:00Z"),
            ("2028-02-29T00:00:00Z", "2028-02", "2028-03-01T00:00:00Z"),
        ] {
            let period = Period::of(at(now));
            assert_eq!((period.name().as_str(), period.end()), (name, at(end)));
        }
    }

    #[test]
    fn a_forecast_goes_on_as_it_went() {
        let period = Period::of(at("2026-11-01T00:00:00Z"));
        assert_eq!(period.forecast(500, at("2026-11-16T00:00:00Z")), Some(1000));
        assert_eq!(period.forecast(500, at("2026-11-01T23:59:00Z")), None);
        assert_eq!(period.forecast(u64::MAX, at("2026-11-02T00:00:00Z")), None);
    }

    #[test]
    fn a_level_is_reached_at_four_fifths_and_at_the_end() {
        for (used, max, level) in [
            (799, 1000, None),
            (800, 1000, Some(Level::Most)),
            (999, 1000, Some(Level::Most)),
            (1000, 1000, Some(Level::All)),
            (5, 2, Some(Level::All)),
        ] {
            assert_eq!(Level::of(used, Quota::Limited(max)), level, "{used}");
        }
        assert_eq!(Level::of(u64::MAX, Quota::Unlimited), None);
    }

    #[test]
    fn no_more_days_are_shown_than_are_kept() {
        let today = at("2026-11-23T00:00:00Z").date_naive();
        assert_eq!(days_shown(today, Quota::Limited(7)).len(), 7);
        assert_eq!(days_shown(today, Quota::Limited(365)).len(), 30);
        assert_eq!(days_shown(today, Quota::Unlimited).last(), Some(&today));
    }
}
