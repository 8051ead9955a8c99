//! Deployments that move while they are looked at.

use std::{cell::Cell, rc::Rc};

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
        spawn_local(async move {
            let parts: Vec<&str> = self.parts.split(' ').collect();
            let is_shown = swap(&parts).await;
            self.is_busy.set(false);
            if is_shown {
                self.seen.set(newest);
                // What was told meanwhile is looked at now.
                let told = live::topic(topic::DEPLOYMENTS).get_untracked();
                if let Some(told) = told.and_then(|text| Json::read(&text)) {
                    self.look(&told);
                }
            }
        });
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
