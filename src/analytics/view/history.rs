//! What went on over time.

use super::{page::address, state::State};
use crate::{
    analytics::model::{Grain, Metric, Range, Shown},
    ui::{
        chart::{Chart, Point},
        drawn::{Element, el},
        time::{clock, day},
    },
};

pub fn activity(state: &State) -> Element {
    let (range, metric) = (state.range(), state.metric);
    let is_compared = state.shown.before.is_some();
    let note = if is_compared {
        ", with the period before dashed"
    } else {
        ""
    };
    let tab = |tab: Metric| {
        let is_current = (tab == metric).then(|| "true".to_owned());
        el("a", "")
            .attr("href", &address(range, tab))
            .maybe("aria-current", is_current)
            .text(tab.label())
    };
    let tabs = el("nav", "segments")
        .attr("aria-label", "What is shown")
        .children(Metric::ALL.map(tab).to_vec());
    let head = el("div", "")
        .child(el("h2", "").attr("id", "activity").text("Activity"))
        .child(el("p", "muted").text(per(range)).text(note));
    let chart = Chart {
        id: "activity-chart",
        title: &format!("{}, last {}", metric.label(), range.label()),
        unit: metric.label(),
        points: &state.points,
        top: state.top,
        ticks: &ticks(range, state.points.len()),
        is_compared,
    };
    el("section", "card")
        .attr("aria-labelledby", "activity")
        .child(el("div", "card-head").child(head).child(tabs))
        .child(el("div", "card-body").child(chart.lines(state.chosen)))
}

const fn per(range: Range) -> &'static str {
    match range.grain() {
        Grain::Minute => "Per minute, in UTC",
        Grain::Hour => "Per hour, in UTC",
        Grain::Day => "Per day, in UTC",
    }
}

pub fn points(shown: &Shown, range: Range, metric: Metric) -> Vec<Point> {
    let before = shown.before.as_ref().map(|before| before.of(metric));
    let counts = shown.counts.of(metric).iter().enumerate();
    let point = |(place, value): (usize, &u64)| Point {
        label: label(shown.first, place, range),
        value: *value,
        before: before.and_then(|before| before.get(place).copied()),
    };
    counts.map(point).collect()
}

fn label(first: i64, place: usize, range: Range) -> String {
    let seconds = i64::try_from(place).unwrap_or_default() * range.grain().seconds();
    let at = first + seconds;
    match range {
        Range::Hour | Range::Day => clock(at),
        Range::Week => format!("{}, {}", day(at), clock(at)),
        Range::Month | Range::Quarter => day(at),
    }
}

/// The places that have a label: as many as there is room for.
fn ticks(range: Range, count: usize) -> Vec<usize> {
    let gaps = match range {
        Range::Week => 2,
        _ => 4,
    };
    let last = count.saturating_sub(1);
    (0..=gaps).map(|gap| last * gap / gaps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_spread_from_the_first_point_to_the_last() {
        assert_eq!(ticks(Range::Day, 24), [0, 5, 11, 17, 23]);
        assert_eq!(ticks(Range::Week, 168), [0, 83, 167]);
        assert_eq!(ticks(Range::Hour, 0), [0; 5]);
    }
}
