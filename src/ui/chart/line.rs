use super::{
    frame::{Chart, Point, canvas},
    place::Place,
    plot::{plot, tip},
    scale::{area_path, broken_path, x_of},
};
use crate::ui::drawn::{Element, el};

impl Chart<'_> {
    /// Values over time: an area, the period before as a dashed line, and what
    /// is at the place that the pointer or the arrow keys have chosen.
    #[must_use]
    pub fn lines(&self, chosen: Option<usize>) -> Element {
        let (points, top) = (self.points, self.top);
        let place = chosen.and_then(|index| Place::find(points, index, self.is_compared));
        let values: Vec<u64> = points.iter().map(|point| point.value).collect();
        let before: Vec<Option<u64>> = points.iter().map(|point| point.before).collect();
        let before = self.is_compared.then(|| broken_path(&before, top));
        // The last one is under way: it isn't what it will be.
        let (over, under_way) = halves(&values);
        let crosshair = place.as_ref().map(Place::upright);
        let dot = |value: fn(&Point) -> Option<u64>| {
            let place = place.as_ref()?;
            Some(place.dot(value(&place.point)?, top))
        };
        let path = |class: &'static str, d: Option<String>| el("path", class).maybe("d", d);
        let drawn = canvas(vec![
            path("area s1", Some(area_path(&values, top))),
            path("line before", before),
            path("line s1", Some(broken_path(&over, top))),
            path("line open", Some(broken_path(&under_way, top))),
            path("crosshair", crosshair),
            path("dot before", dot(|point| point.before)),
            path("dot s1", dot(|point| Some(point.value))),
        ]);
        let mut plot = plot(self, chosen).child(drawn);
        if let Some(place) = place {
            plot = plot.child(tip(place, self.unit));
        }
        self.around(plot, x_of)
    }
}

/// The values up to the last but one, and from there.
fn halves(values: &[u64]) -> (Vec<Option<u64>>, Vec<Option<u64>>) {
    let last = values.len().saturating_sub(1);
    let all = || values.iter().copied().enumerate();
    let over = all().map(|(place, value)| (place < last).then_some(value));
    let under_way = all().map(|(place, value)| (place + 1 >= last).then_some(value));
    (over.collect(), under_way.collect())
}

/// The highest value that is shown.
#[must_use]
pub fn largest(points: &[Point]) -> u64 {
    let largest = |point: &Point| point.value.max(point.before.unwrap_or_default());
    points.iter().map(largest).max().unwrap_or(0)
}
