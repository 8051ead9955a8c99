use super::{frame::hidden, scale::line_path};
use crate::ui::drawn::{Element, el};

/// How a figure went, beside the figure, which says the same in words.
#[must_use]
pub fn sparkline(values: &[u64]) -> Element {
    let top = values.iter().copied().max().unwrap_or(0);
    hidden(el("svg", "spark"))
        .attr("viewBox", "0 0 720 200")
        .attr("preserveAspectRatio", "none")
        .attr("width", "120")
        .attr("height", "32")
        .child(el("path", "line s1").attr("d", &line_path(values, top)))
}
