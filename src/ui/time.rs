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
    let minutes = (now - at).num_minutes();
    match minutes {
        ..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..120 => "1 hour ago".to_owned(),
        120..1440 => format!("{} hours ago", minutes / 60),
        1440..2880 => "yesterday".to_owned(),
        2880..43200 => format!("{} days ago", minutes / 1440),
        _ => at.format("%-d %b %Y").to_string(),
    }
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
