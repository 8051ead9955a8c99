//! What the charts over time have in common.

use super::scale::{WIDTH, percent};
use crate::ui::{
    drawn::{Element, el},
    number::compact,
};

const GRIDLINES: &str = "M0 .5H720M0 50H720M0 100H720M0 150H720M0 199.5H720";

/// A point of a chart, which is also a row of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// When: `14:05`.
    pub label: String,
    pub value: u64,
    /// At the same place in the period before.
    pub before: Option<u64>,
}

/// What a chart over time shows.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// Of the element that names it.
    pub id: &'a str,
    pub title: &'a str,
    /// What is counted: `Events`.
    pub unit: &'static str,
    /// The highest tick.
    pub top: u64,
    pub points: &'a [Point],
    /// The places whose labels stand below.
    pub ticks: &'a [usize],
    /// Whether the period before is shown.
    pub is_compared: bool,
}

impl Chart<'_> {
    /// A chart around its plot, in which a place, of so many, is so far from the
    /// left: its name, its ticks and its table.
    pub(super) fn around(&self, plot: Element, x: fn(usize, usize) -> u64) -> Element {
        let step = |step: u64| el("li", "").text(&compact(self.top / 4 * step));
        let steps = [4, 3, 2, 1, 0].map(step).to_vec();
        el("figure", "chart")
            .attr("aria-labelledby", self.id)
            .child(
                el("figcaption", "visually-hidden")
                    .attr("id", self.id)
                    .text(self.title),
            )
            .child(hidden(el("ol", "ticks-y")).children(steps))
            .child(plot)
            .child(hidden(el("svg", "ticks-x")).children(self.labels(x)))
            .child(el("div", "visually-hidden").child(self.table()))
    }

    /// Each below its place, and within the edges.
    fn labels(&self, x: fn(usize, usize) -> u64) -> Vec<Element> {
        let count = self.points.len();
        let label = |place: &usize| {
            let point = self.points.get(*place)?;
            let x = x(*place, count);
            let anchor = match x {
                0 => "start",
                WIDTH => "end",
                _ => "middle",
            };
            let label = el("text", "")
                .attr("x", &percent(x, WIDTH))
                .attr("y", "12")
                .attr("text-anchor", anchor);
            Some(label.text(&point.label))
        };
        self.ticks.iter().filter_map(label).collect()
    }

    fn table(&self) -> Element {
        let mut head = vec![column("When"), column(self.unit)];
        if self.is_compared {
            head.push(column("Period before"));
        }
        let row = |point: &Point| {
            let row = el("tr", "")
                .child(el("th", "").attr("scope", "row").text(&point.label))
                .child(el("td", "").text(&point.value.to_string()));
            if !self.is_compared {
                return row;
            }
            let before = point.before.map(|before| before.to_string());
            row.child(el("td", "").text(before.as_deref().unwrap_or("–")))
        };
        el("table", "")
            .child(el("caption", "").text(self.title))
            .child(el("thead", "").child(el("tr", "").children(head)))
            .child(el("tbody", "").children(self.points.iter().map(row).collect()))
    }
}

/// The head of a column.
pub(super) fn column(name: &str) -> Element {
    el("th", "").attr("scope", "col").text(name)
}

/// For those who see.
pub(super) fn hidden(element: Element) -> Element {
    element.attr("aria-hidden", "true")
}

/// What is drawn in a plot, before its gridlines.
pub(super) fn canvas(drawn: Vec<Element>) -> Element {
    hidden(el("svg", ""))
        .attr("viewBox", "0 0 720 200")
        .attr("preserveAspectRatio", "none")
        .child(el("path", "gridline").attr("d", GRIDLINES))
        .children(drawn)
}
