use super::{
    frame::{column, hidden},
    scale::percent,
};
use crate::ui::{
    drawn::{Element, el},
    number::grouped,
};

/// A row of a ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub label: String,
    /// Where the label leads to.
    pub path: Option<String>,
    pub value: u64,
}

/// What there is most of, in the order given, each with a bar against the
/// largest.
#[must_use]
pub fn ranking(title: &str, unit: &str, rows: &[Ranked]) -> Element {
    let largest = rows.iter().map(|row| row.value).max().unwrap_or(0);
    let rows = rows.iter().map(|ranked| row(ranked, largest)).collect();
    let head = vec![column("Name"), column(unit)];
    el("table", "ranking")
        .child(el("caption", "visually-hidden").text(title))
        .child(el("thead", "").child(el("tr", "").children(head)))
        .child(el("tbody", "").children(rows))
}

fn row(row: &Ranked, largest: u64) -> Element {
    let label = match &row.path {
        Some(path) => el("a", "truncate").attr("href", path),
        None => el("span", "truncate"),
    };
    let bar = el("rect", "bar s1")
        .attr("width", &percent(row.value, largest))
        .attr("height", "100%")
        .attr("rx", "2");
    let share = hidden(el("svg", "share")).child(bar);
    el("tr", "")
        .child(
            el("th", "")
                .attr("scope", "row")
                .child(label.text(&row.label))
                .child(share),
        )
        .child(el("td", "").text(&grouped(row.value)))
}
