//! Deployments that move while they are looked at.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::Element;

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
    /// Whether it is enough to say where each of them stands now.
    pub is_in_place: bool,
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
        is_in_place: data.at("is_in_place").is_true(),
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
    is_in_place: bool,
    seen: Cell<i64>,
    is_busy: Cell<bool>,
}

impl Shown {
    fn look(self: Rc<Self>, told: &Json) {
        let newest = self.newest(told);
        if newest <= self.seen.get() {
            return;
        }
        if self.is_in_place && !self.is_cut(told) && self.restate(told) {
            return self.seen.set(newest);
        }
        if self.is_busy.replace(true) {
            return;
        }
        // Not all who watch ask at the same moment; and what moves meanwhile is
        // seen as well.
        let show = move || spawn_local(self.show(newest));
        set_timeout(show, Duration::from_millis(between(SOON)));
    }

    /// Has the badges say where the deployments stand now. Tells whether that is
    /// all: not if one isn't shown yet, or something else of it has changed.
    fn restate(&self, told: &Json) -> bool {
        let mut is_all = true;
        for moved in self.shown(told) {
            if at(&moved) > self.seen.get() {
                is_all &= restate(&moved).unwrap_or_default();
            }
        }
        is_all
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
        let shown = if self.is_cut(told) {
            told.each()
        } else {
            self.shown(told)
        };
        shown.iter().map(at).max().unwrap_or_default()
    }

    /// What moved before the oldest of them isn't told.
    fn is_cut(&self, told: &Json) -> bool {
        let moved = told.each();
        let oldest = moved.last().map(at).unwrap_or_default();
        moved.len() >= MOVES_TOLD && oldest > self.seen.get()
    }

    fn shown(&self, told: &Json) -> Vec<Json> {
        let is_shown = |moved: &Json| {
            let is = |name: &str, id: &str| moved.at(name).text().as_deref() == Some(id);
            is("id", &self.deployment) || is("project", &self.project)
        };
        let mut moved = told.each();
        moved.retain(is_shown);
        moved
    }
}

fn at(moved: &Json) -> i64 {
    moved.at("at").number().unwrap_or_default()
}

/// Has all badges of a deployment say where it stands now. Tells whether there is
/// one, and it said something else before.
fn restate(moved: &Json) -> Option<bool> {
    let (id, label) = (moved.at("id").text()?, moved.at("label").text()?);
    let class = moved.at("badge").text()?;
    let path = format!("[data-status-of=\"{id}\"] .badge");
    let badges = document().query_selector_all(&path).ok()?;
    let mut has_changed = false;
    for place in 0..badges.length() {
        let badge: Element = badges.item(place)?.dyn_into().ok()?;
        if badge.text_content().as_deref() != Some(label.as_str()) {
            badge.set_text_content(Some(&label));
            badge.set_class_name(&class);
            has_changed = true;
        }
    }
    Some(has_changed)
}
