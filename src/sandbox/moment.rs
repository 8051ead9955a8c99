//! Time as Stripe counts it: in seconds since 1970.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, Months, Utc};

/// Seconds since 1970, UTC.
pub type Moment = i64;

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;

/// What the clock on the wall says, in milliseconds.
#[must_use]
pub fn wall_millis() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// What the clock on the wall says.
#[must_use]
pub fn wall() -> Moment {
    wall_millis() / 1_000
}

/// So many months later: on the same day of the month, or on the last one of a
/// month that is too short for it.
#[must_use]
pub fn months_later(from: Moment, months: u32) -> Moment {
    DateTime::<Utc>::from_timestamp(from, 0)
        .and_then(|from| from.checked_add_months(Months::new(months)))
        .map_or(from, |then| then.timestamp())
}

/// A date for people: `24 Nov 2026`.
#[must_use]
pub fn date(moment: Moment) -> String {
    DateTime::<Utc>::from_timestamp(moment, 0)
        .map(|moment| moment.format("%-d %b %Y").to_string())
        .unwrap_or_default()
}

/// A date and a time for people, UTC.
#[must_use]
pub fn date_and_time(moment: Moment) -> String {
    DateTime::<Utc>::from_timestamp(moment, 0)
        .map(|moment| moment.format("%-d %b %Y, %H:%M:%S").to_string())
        .unwrap_or_default()
}

/// The year and the month of a moment.
#[must_use]
pub fn year_and_month(moment: Moment) -> (i32, u32) {
    DateTime::<Utc>::from_timestamp(moment, 0)
        .map(|moment| (moment.year(), moment.month()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        format!("{text}T10:00:00Z")
            .parse::<DateTime<Utc>>()
            .unwrap()
            .timestamp()
    }

    #[test]
    fn a_day_that_a_month_lacks_comes_back_in_the_next() {
        let anchor = at("2027-01-31");
        assert_eq!(months_later(anchor, 1), at("2027-02-28"));
        assert_eq!(months_later(anchor, 2), at("2027-03-31"));
        assert_eq!(months_later(anchor, 3), at("2027-04-30"));
        assert_eq!(months_later(at("2028-01-31"), 1), at("2028-02-29"));
        assert_eq!(months_later(at("2027-12-15"), 1), at("2028-01-15"));
    }
}
