//! What there was most of.

use super::state::State;
use crate::{
    analytics::model::Deployed,
    ui::{
        chart::{Ranked, ranking},
        drawn::{Element, el},
    },
};

pub fn rankings(state: &State) -> Element {
    let (org, range) = (&state.org, state.range().label());
    let event = |(action, count): &(String, u64)| Ranked {
        label: action.clone(),
        path: state
            .sees_activity
            .then(|| format!("/app/{org}/activity?action={action}")),
        value: *count,
    };
    let project = |project: &Deployed| Ranked {
        label: project.name.clone(),
        path: Some(format!("/app/{org}/projects/{}", project.id)),
        value: project.deployments,
    };
    let events = Counted {
        id: "events",
        title: "Events",
        note: format!("By what was done, last {range}"),
        unit: "Times",
        nothing: "Nothing was done in this time.",
        rows: state.shown.events.iter().map(event).collect(),
    };
    let projects = Counted {
        id: "projects",
        title: "Top projects",
        note: format!("By deployments, last {range}"),
        unit: "Deployments",
        nothing: "Nothing was deployed in this time.",
        rows: state.shown.projects.iter().map(project).collect(),
    };
    el("div", "grid cards-2").children(vec![events.draw(), projects.draw()])
}

/// What was counted, the most first.
struct Counted {
    id: &'static str,
    title: &'static str,
    note: String,
    unit: &'static str,
    nothing: &'static str,
    rows: Vec<Ranked>,
}

impl Counted {
    fn draw(&self) -> Element {
        let head = el("div", "")
            .child(el("h2", "").attr("id", self.id).text(self.title))
            .child(el("p", "muted").text(&self.note));
        let body = if self.rows.is_empty() {
            el("p", "muted nothing").text(self.nothing)
        } else {
            ranking(self.title, self.unit, &self.rows)
        };
        el("section", "card")
            .attr("aria-labelledby", self.id)
            .child(el("div", "card-head").child(head))
            .child(el("div", "card-body").child(body))
    }
}
