//! What lives in the overview: drawn by the server, and drawn again in the
//! browser each time that the stream tells something, or that the reader looks
//! at another place of the chart.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use super::{read, state::State};
use crate::{
    analytics::model::{History, Live, Metric},
    id::OrgSlug,
    topic,
    ui::{
        browser,
        chart::chosen,
        drawn::Part,
        json::Json,
        live::{Hears, Kind, live_part},
        time,
    },
};

/// Within how long all who watch have read a range anew once a stretch of it has
/// ended, in milliseconds: not all of them at once.
const SPREAD: f64 = 8_000.0;
/// Of the element that all of it is in.
const ID: &str = "dashboard";

/// What happens to the chart when somebody looks at a place of it.
const LOOKS: [&str; 6] = [
    "pointermove",
    "pointerdown",
    "pointerleave",
    "focusin",
    "focusout",
    "keydown",
];

/// What is shown, and as what it was drawn.
#[derive(Clone)]
struct Board(Rc<RefCell<(State, Part)>>);

pub const DASHBOARD: Kind = Kind {
    name: "dashboard",
    topic: topic::OVERVIEW,
    wake,
};

/// The dashboard as it is to begin with.
pub fn dashboard(
    org: &OrgSlug,
    sees_activity: bool,
    metric: Metric,
    history: History,
    live: Live,
) -> impl IntoView + use<> {
    let data = json!({
        "org": org, "seesActivity": u8::from(sees_activity), "metric": metric.name(),
        "history": history, "live": live,
    });
    let state = State::of(org.to_string(), sees_activity, history, live, metric);
    let drawn = view! { <div id=ID>{state.draw().into_view()}</div> };
    live_part(&DASHBOARD, &data, drawn.into_any())
}

fn wake(data: &Json) -> Option<Hears> {
    let metric = data
        .at("metric")
        .text()
        .and_then(|name| Metric::named(&name));
    let state = State::of(
        data.at("org").text()?,
        data.at("seesActivity").number() == Some(1),
        read::history(&data.at("history")),
        read::live(&data.at("live")),
        metric.unwrap_or_default(),
    );
    let part = Part::shown(ID.to_owned(), state.draw());
    let board = Board(Rc::new(RefCell::new((state, part))));
    let looked = board.clone();
    let shown = document().get_element_by_id(ID)?;
    browser::listen(&shown, &LOOKS, move |event| looked.look(&event));
    Some(Box::new(move |told| {
        board.change(|state| state.go_on(read::live(told)));
        board.read_anew();
    }))
}

impl Board {
    fn change(&self, change: impl FnOnce(&mut State)) {
        let (state, part) = &mut *self.0.borrow_mut();
        change(state);
        part.show(state.draw());
        time::localise();
    }

    /// Has the place of the chart be looked at that the pointer or a key chooses.
    fn look(&self, event: &web_sys::Event) {
        let (before, count) = {
            let (state, _) = &*self.0.borrow();
            (state.chosen, state.points.len())
        };
        let chosen = chosen(event, before, count);
        if chosen != before {
            self.change(|state| state.chosen = chosen);
        }
    }

    /// Reads what went on anew, once a stretch of it has ended.
    fn read_anew(&self) {
        let is_due = {
            let (state, _) = &mut *self.0.borrow_mut();
            let is_outdated = state.is_outdated();
            let was_due = std::mem::replace(&mut state.is_read_anew, is_outdated);
            !was_due && state.is_read_anew
        };
        if is_due {
            let board = self.clone();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few seconds.
            let wait = (js_sys::Math::random() * SPREAD) as u64;
            let read = move || spawn_local(board.look_back());
            set_timeout(read, Duration::from_millis(wait));
        }
    }

    async fn look_back(self) {
        let (org, range) = {
            let (state, _) = &*self.0.borrow();
            (state.org.clone(), state.range().name())
        };
        let arguments = [("org", org.as_str()), ("range", range)];
        let answer = browser::ask("/_fn/get_history", &arguments).await;
        let history = answer.and_then(|text| Json::read(&text));
        self.change(|state| {
            // If it can't be had, it is asked for again when more is told.
            state.is_read_anew = false;
            if let Some(history) = history {
                state.look_back(read::history(&history));
            }
        });
    }
}

pub const FIRST_PROJECT: Kind = Kind {
    name: "first-project",
    topic: topic::OVERVIEW,
    wake: |_| Some(Box::new(first_project)),
};

/// Shows the dashboard as soon as there is something to show.
fn first_project(told: &Json) {
    if told.at("projects").count() > 0 {
        browser::reload();
    }
}
