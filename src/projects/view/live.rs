//! Deployments that move while they are looked at.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use serde_json::json;

use crate::{
    id::{DeploymentId, ProjectId},
    projects::model::MOVES_TOLD,
    topic,
    ui::{
        json::Json,
        live::{self, Hears, Kind, live_part, swap},
    },
};

pub const MOVES: Kind = Kind {
    name: "moves",
    topic: topic::DEPLOYMENTS,
    wake,
};

/// What is shown of deployments. Parts of the page are shown anew once one of
/// that project has moved, or that one alone, since the last one that is shown
/// did.
#[derive(Serialize)]
pub struct Moves {
    pub project: Option<ProjectId>,
    pub deployment: Option<DeploymentId>,
    /// In microseconds of Unix time.
    pub seen: i64,
    /// What the parts are called, with spaces between them.
    pub parts: &'static str,
}

impl Moves {
    pub fn view(&self) -> impl IntoView + use<> {
        live_part(&MOVES, &json!(self), ().into_any())
    }
}

fn wake(data: &Json) -> Option<Hears> {
    let id = |name| data.at(name).text().unwrap_or_default();
    let shown = Rc::new(Shown {
        project: id("project"),
        deployment: id("deployment"),
        parts: data.at("parts").text()?,
        seen: Cell::new(data.at("seen").number()?),
        is_busy: Cell::new(false),
    });
    Some(Box::new(move |told| shown.clone().look(told)))
}

/// How long it is waited before a part is shown anew, and before that is tried
/// again, in milliseconds.
const SOON: (f64, f64) = (50.0, 700.0);
const LATER: (f64, f64) = (3_000.0, 6_000.0);

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A few seconds.
fn between((least, most): (f64, f64)) -> u64 {
    (least + js_sys::Math::random() * (most - least)) as u64
}

struct Shown {
    project: String,
    deployment: String,
    parts: String,
    seen: Cell<i64>,
    is_busy: Cell<bool>,
}

impl Shown {
    fn look(self: Rc<Self>, told: &Json) {
        let newest = self.newest(told);
        if newest <= self.seen.get() || self.is_busy.replace(true) {
            return;
        }
        // Not all who watch ask at the same moment; and what moves meanwhile is
        // seen as well.
        let show = move || spawn_local(self.show(newest));
        set_timeout(show, Duration::from_millis(between(SOON)));
    }

    async fn show(self: Rc<Self>, newest: i64) {
        let parts: Vec<&str> = self.parts.split(' ').collect();
        let is_shown = swap(&parts).await;
        self.is_busy.set(false);
        if is_shown {
            self.seen.set(newest);
            self.look_again();
        } else {
            let again = move || self.look_again();
            set_timeout(again, Duration::from_millis(between(LATER)));
        }
    }

    /// Looks at what was told meanwhile.
    fn look_again(self: Rc<Self>) {
        let told = live::topic(topic::DEPLOYMENTS).get_untracked();
        if let Some(told) = told.and_then(|text| Json::read(&text)) {
            self.look(&told);
        }
    }

    /// When what is shown last moved, by what is told.
    fn newest(&self, told: &Json) -> i64 {
        let moved = told.each();
        let at = |moved: &Json| moved.at("at").number().unwrap_or_default();
        // What moved before the oldest of them isn't told.
        let oldest = moved.last().map(at).unwrap_or_default();
        let is_cut = moved.len() >= MOVES_TOLD && oldest > self.seen.get();
        let is_shown = |moved: &&Json| {
            let is = |name: &str, id: &str| moved.at(name).text().as_deref() == Some(id);
            is_cut || is("id", &self.deployment) || is("project", &self.project)
        };
        let shown = moved.iter().filter(is_shown);
        shown.map(at).max().unwrap_or_default()
    }
}
