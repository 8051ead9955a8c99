use leptos::prelude::*;

use super::{
    frame::{Chart, Point, canvas},
    scale::{HEIGHT, WIDTH, decimal, top_tick, y_of},
};
use crate::ui::drawn::el;

/// A bar of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub label: String,
    pub value: u64,
}

/// In tenths.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rect {
    x: u64,
    y: u64,
    width: u64,
    height: u64,
}

/// Each bar takes two thirds of its slot, in the middle.
fn rects(bars: &[Bar], top: u64) -> Vec<Rect> {
    let count = bars.len() as u64;
    bars.iter()
        .zip(0_u64..)
        .map(|(bar, place)| {
            let y = y_of(bar.value, top);
            Rect {
                x: (6 * place + 1) * WIDTH / (6 * count),
                y,
                width: WIDTH * 2 / (3 * count),
                height: HEIGHT - y,
            }
        })
        .collect()
}

/// Upright bars over time.
#[component]
pub fn BarChart(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// What the bars count, for the table.
    unit: &'static str,
    bars: Vec<Bar>,
    /// The places whose labels stand below.
    ticks: Vec<usize>,
) -> impl IntoView {
    let top = top_tick(bars.iter().map(|bar| bar.value).max().unwrap_or(0));
    let bar = |rect: &Rect| {
        el("rect", "bar s1")
            .attr("x", &decimal(rect.x))
            .attr("y", &decimal(rect.y))
            .attr("width", &decimal(rect.width))
            .attr("height", &decimal(rect.height))
    };
    let drawn = canvas(rects(&bars, top).iter().map(bar).collect());
    let points: Vec<Point> = bars
        .into_iter()
        .map(|bar| Point {
            label: bar.label,
            value: bar.value,
            before: None,
        })
        .collect();
    let chart = Chart {
        id: &id,
        title: &title,
        unit,
        top,
        points: &points,
        ticks: &ticks,
        is_compared: false,
    };
    let middle = |place: usize, count: usize| (2 * place as u64 + 1) * WIDTH / (2 * count as u64);
    chart
        .around(el("div", "plot").child(drawn), middle)
        .into_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_bar_is_within_the_plot_and_an_empty_one_on_its_floor() {
        let bars = [4, 0].map(|value| Bar {
            label: String::new(),
            value,
        });
        let [full, empty] = rects(&bars, 4)[..] else {
            panic!("two bars")
        };
        assert_eq!((full.y, full.height), (0, HEIGHT));
        assert_eq!((empty.y, empty.height), (HEIGHT, 0));
        assert_eq!((full.x, full.width), (600, 2400));
        assert_eq!(empty.x + empty.width + full.x, WIDTH);
    }
}
