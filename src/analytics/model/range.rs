//! How far back is looked.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Grain;
use crate::billing::Quota;

/// A stretch of time up to now, as it is chosen on the overview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Range {
    #[serde(rename = "1h")]
    Hour,
    #[default]
    #[serde(rename = "24h")]
    Day,
    #[serde(rename = "7d")]
    Week,
    #[serde(rename = "30d")]
    Month,
    #[serde(rename = "90d")]
    Quarter,
}

impl Range {
    pub const ALL: [Self; 5] = [
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
    ];

    /// As it stands in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "24 hours",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Quarter => "90 days",
        }
    }

    /// The one of that name, if it is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.name() == name)
    }

    /// What is counted together in its chart.
    #[must_use]
    pub const fn grain(self) -> Grain {
        match self {
            Self::Hour => Grain::Minute,
            Self::Day | Self::Week => Grain::Hour,
            Self::Month | Self::Quarter => Grain::Day,
        }
    }

    /// How many points its chart has.
    #[must_use]
    pub const fn length(self) -> u16 {
        match self {
            Self::Hour => 60,
            Self::Day => 24,
            Self::Week => 168,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// For how many days a plan must keep analytics to show it.
    #[must_use]
    pub const fn days(self) -> u64 {
        match self {
            Self::Hour | Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// Whether a plan that keeps so many days can show it.
    #[must_use]
    pub const fn is_kept(self, days: Quota) -> bool {
        match days {
            Quota::Limited(days) => self.days() <= days,
            Quota::Unlimited => true,
        }
    }

    /// Whether the period before it is kept as well.
    #[must_use]
    pub const fn is_compared(self, days: Quota) -> bool {
        match days {
            Quota::Limited(days) => 2 * self.days() <= days,
            Quota::Unlimited => true,
        }
    }

    /// Where its first point begins, in seconds of Unix time; the last one is
    /// under way.
    #[must_use]
    pub fn first(self, now: DateTime<Utc>) -> i64 {
        self.grain().start_of(now) - (i64::from(self.length()) - 1) * self.grain().seconds()
    }

    /// Where the first point of the period before it begins.
    #[must_use]
    pub fn first_before(self, now: DateTime<Utc>) -> i64 {
        self.first(now) - i64::from(self.length()) * self.grain().seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::{Limit, Plan};

    #[test]
    fn a_plan_shows_no_more_than_it_keeps() {
        for (plan, last, compared) in [
            (Plan::Free, Range::Week, Range::Day),
            (Plan::Starter, Range::Month, Range::Week),
            (Plan::Pro, Range::Quarter, Range::Month),
            (Plan::Enterprise, Range::Quarter, Range::Quarter),
        ] {
            let kept = plan.quota(Limit::AnalyticsDays);
            let mut shown = Range::ALL.into_iter().filter(|range| range.is_kept(kept));
            assert_eq!(shown.next_back(), Some(last), "{plan:?}");
            let compared_with = |range: &Range| range.is_compared(kept);
            let mut both = Range::ALL.into_iter().filter(compared_with);
            assert_eq!(both.next_back(), Some(compared), "{plan:?}");
        }
    }

    #[test]
    fn a_range_ends_with_the_stretch_that_is_under_way() {
        let now: DateTime<Utc> = "2026-11-24T05:37:59Z".parse().unwrap();
        for (range, first) in [
            (Range::Hour, "2026-11-24T04:38:00Z"),
            (Range::Day, "2026-11-23T06:00:00Z"),
            (Range::Week, "2026-11-17T06:00:00Z"),
            (Range::Month, "2026-10-26T00:00:00Z"),
        ] {
            let first: DateTime<Utc> = first.parse().unwrap();
            assert_eq!(range.first(now), first.timestamp(), "{range:?}");
        }
    }
}
