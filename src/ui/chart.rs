//! Charts: geometry as SVG, drawn by a pure function, with the words around
//! it as text and the numbers in a table for whoever doesn't see it.

use leptos::prelude::*;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
const GRIDLINES: &str = "M0 .5H720M0 50H720M0 100H720M0 150H720M0 199.5H720";

/// A bar of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub label: String,
    pub value: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rect {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// The highest tick: a round number that four equal steps lead to.
#[must_use]
pub fn top_tick(largest: u64) -> u64 {
    let mut step = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let top = step.saturating_mul(factor).saturating_mul(4);
            if top >= largest {
                return top;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[allow(clippy::cast_precision_loss)] // A count that large has no chart.
fn rects(bars: &[Bar]) -> Vec<Rect> {
    let top = top_tick(bars.iter().map(|bar| bar.value).max().unwrap_or(0)) as f64;
    let slot = WIDTH / (bars.len().max(1) as f64);
    bars.iter()
        .enumerate()
        .map(|(place, bar)| {
            let height = bar.value as f64 / top * HEIGHT;
            Rect {
                x: place as f64 * slot + slot / 6.0,
                y: HEIGHT - height,
                width: slot * 2.0 / 3.0,
                height,
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
    /// Labels below, spread from edge to edge.
    ticks: Vec<String>,
) -> impl IntoView {
    let top = top_tick(bars.iter().map(|bar| bar.value).max().unwrap_or(0));
    let labelled_by = id.clone();
    let steps = [4, 3, 2, 1, 0].map(|step| (top / 4 * step).to_string());
    view! {
        <figure class="chart" aria-labelledby=labelled_by>
            <figcaption id=id class="visually-hidden">{title.clone()}</figcaption>
            <ol class="ticks-y" aria-hidden="true">
                {steps.map(|step| view! { <li>{step}</li> }).into_iter().collect_view()}
            </ol>
            <div class="plot">
                <svg viewBox="0 0 720 200" preserveAspectRatio="none" aria-hidden="true">
                    <path class="gridline" d=GRIDLINES/>
                    {rects(&bars).into_iter().map(|rect| view! {
                        <rect
                            class="bar s1"
                            x=format!("{:.1}", rect.x)
                            y=format!("{:.1}", rect.y)
                            width=format!("{:.1}", rect.width)
                            height=format!("{:.1}", rect.height)
                        />
                    }).collect_view()}
                </svg>
            </div>
            <ol class="ticks-x" aria-hidden="true">
                {ticks.into_iter().map(|tick| view! { <li>{tick}</li> }).collect_view()}
            </ol>
            <div class="visually-hidden">
                <table>
                    <caption>{title}</caption>
                    <thead><tr><th scope="col">"When"</th><th scope="col">{unit}</th></tr></thead>
                    <tbody>
                        {bars.into_iter().map(|bar| view! {
                            <tr><th scope="row">{bar.label}</th><td>{bar.value}</td></tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_above_all_bars() {
        for (largest, top) in [
            (0, 4),
            (3, 4),
            (4, 4),
            (5, 8),
            (9, 20),
            (21, 40),
            (41, 80),
            (81, 200),
            (999, 2000),
        ] {
            assert_eq!(top_tick(largest), top, "{largest}");
        }
    }

    #[test]
    fn the_largest_bar_is_within_the_plot_and_an_empty_one_on_its_floor() {
        let bars = [4, 0].map(|value| Bar {
            label: String::new(),
            value,
        });
        let [full, empty] = rects(&bars)[..] else {
            panic!("two bars")
        };
        assert_eq!((full.y, full.height), (0.0, HEIGHT));
        assert_eq!((empty.y, empty.height), (HEIGHT, 0.0));
        assert!(empty.x + empty.width < WIDTH);
    }
}
