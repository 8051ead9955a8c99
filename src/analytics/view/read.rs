//! What the server told, as the browser reads it.

use crate::{
    analytics::model::{
        ByAction, Deployed, Happening, History, Live, Minutes, Present, Range, Series, Stretch,
    },
    ui::json::Json,
};

#[must_use]
pub fn live(json: &Json) -> Live {
    let minutes = json.at("minutes");
    Live {
        current_users: json.at("currentUsers").count(),
        people: json
            .at("people")
            .each()
            .iter()
            .filter_map(present)
            .collect(),
        events_last_hour: ByAction(json.at("eventsLastHour").counts()),
        top_projects: projects(&json.at("topProjects")),
        api_calls_per_minute: json.at("apiCallsPerMinute").count(),
        timestamp: json.at("timestamp").text().unwrap_or_default(),
        now: json.at("now").number().unwrap_or_default(),
        minutes: Minutes {
            start: minutes.at("start").number().unwrap_or_default(),
            counts: series(&minutes.at("counts")),
        },
        hour: stretch(&json.at("hour")),
        day: stretch(&json.at("day")),
        projects: json.at("projects").count(),
        feed: json.at("feed").each().iter().map(happening).collect(),
    }
}

#[must_use]
pub fn history(json: &Json) -> History {
    let before = json.at("before");
    let range = json.at("range").text();
    let range = range.and_then(|name| Range::named(&name));
    let is_compared = before.at("events").at("length").number().is_some();
    History {
        range: range.unwrap_or_default(),
        first: json.at("first").number().unwrap_or_default(),
        counts: series(&json.at("counts")),
        before: is_compared.then(|| series(&before)),
        settled_events: ByAction(json.at("settledEvents").counts()),
        settled_projects: projects(&json.at("settledProjects")),
    }
}

fn series(json: &Json) -> Series {
    let counts = |name| json.at(name).each().iter().map(Json::count).collect();
    Series {
        events: counts("events"),
        deployments: counts("deployments"),
        api_calls: counts("apiCalls"),
    }
}

fn stretch(json: &Json) -> Stretch {
    Stretch {
        start: json.at("start").number().unwrap_or_default(),
        events: ByAction(json.at("events").counts()),
        projects: projects(&json.at("projects")),
        deployments: json.at("deployments").count(),
        api_calls: json.at("apiCalls").count(),
    }
}

fn projects(json: &Json) -> Vec<Deployed> {
    let project = |json: &Json| {
        Some(Deployed {
            id: json.at("id").text()?,
            name: json.at("name").text()?,
            deployments: json.at("deployments").count(),
        })
    };
    json.each().iter().filter_map(project).collect()
}

fn present(json: &Json) -> Option<Present> {
    Some(Present {
        id: json.at("id").text()?,
        name: json.at("name").text()?,
    })
}

fn happening(json: &Json) -> Happening {
    let text = |name| json.at(name).text().unwrap_or_default();
    Happening {
        who: text("who"),
        did: text("did"),
        what: json.at("what").text(),
        path: json.at("path").text(),
        at: text("at"),
        at_second: json.at("atSecond").number().unwrap_or_default(),
    }
}
