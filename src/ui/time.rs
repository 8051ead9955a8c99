//! Times: relative, with the exact one in the reader's own zone on hover.

use chrono::{DateTime, SecondsFormat, Utc};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// How long ago something was.
#[component]
pub fn Ago(at: DateTime<Utc>, now: DateTime<Utc>) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true) title=exact(at)>{ago(at, now)}</time>
    }
}

fn exact(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// In words, as coarse as people would say it.
#[must_use]
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    if seconds < 30 * DAY {
        elapsed(seconds)
    } else {
        at.format("%-d %b %Y").to_string()
    }
}

/// In seconds.
const DAY: i64 = 86_400;

/// How long ago something was, in seconds, as coarse as people would say it.
#[must_use]
pub fn elapsed(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "min"),
        3_600..7_200 => (1, "hour"),
        7_200..DAY => (seconds / 3_600, "hours"),
        DAY..172_800 => return "yesterday".to_owned(),
        172_800..5_184_000 => (seconds / DAY, "days"),
        _ => (seconds / (30 * DAY), "months"),
    };
    format!("{count} {unit} ago")
}

/// The time of day at a second of Unix time, in UTC: `14:05`.
#[must_use]
pub fn clock(second: i64) -> String {
    let minute = second.div_euclid(60).rem_euclid(1_440);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The day of a second of Unix time, in UTC: `24 Nov`. In numbers alone: what
/// formats dates is large, and islands draw charts.
///
/// Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms,
/// `civil_from_days`.
#[must_use]
pub fn day(second: i64) -> String {
    const MONTHS: [&str; 12] = [
        "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb",
    ];
    let of_era = (second.div_euclid(86_400) + 719_468).rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let name = usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month));
    format!(
        "{} {}",
        of_year - (153 * month + 2) / 5 + 1,
        name.unwrap_or(&"")
    )
}

/// Says the exact times in the zone of the reader, which the server doesn't
/// know.
pub fn localise() {
    let Ok(times) = document().query_selector_all("time[datetime]") else {
        return;
    };
    for place in 0..times.length() {
        let Some(element) = times
            .item(place)
            .and_then(|node| node.dyn_into::<web_sys::Element>().ok())
        else {
            continue;
        };
        let Some(at) = element.get_attribute("datetime") else {
            continue;
        };
        let local = js_sys::Date::new(&JsValue::from_str(&at))
            .to_locale_string("default", &JsValue::UNDEFINED);
        let _refused = element.set_attribute("title", &String::from(local));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_without_a_calendar_is_what_a_calendar_says() {
        for days in (-40_000..60_000).step_by(17) {
            let second = days * 86_400 + days % 86_400;
            let at = DateTime::from_timestamp(second, 0).expect("is a time");
            assert_eq!(day(second), at.format("%-d %b").to_string(), "{second}");
            assert_eq!(clock(second), at.format("%H:%M").to_string(), "{second}");
        }
        for (seconds, words) in [
            (-5, "just now"),
            (61, "1 min ago"),
            (7_200, "2 hours ago"),
            (172_800, "2 days ago"),
            (5_184_000, "2 months ago"),
        ] {
            assert_eq!(elapsed(seconds), words);
        }
    }

    #[test]
    fn times_are_said_as_people_would() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("is a time");
        for (seconds, words) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 min ago"),
            (3_599, "59 min ago"),
            (3_600, "1 hour ago"),
            (7_200, "2 hours ago"),
            (86_400, "yesterday"),
            (172_800, "2 days ago"),
        ] {
            assert_eq!(ago(now - chrono::TimeDelta::seconds(seconds), now), words);
        }
        assert_eq!(ago(now - chrono::TimeDelta::days(40), now), "6 Dec 2026");
    }
}
