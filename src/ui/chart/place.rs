//! The place of a chart that is looked at.

use super::{
    frame::Point,
    scale::{HEIGHT, WIDTH, decimal, percent, x_of, y_of},
};
use crate::ui::number::grouped;

/// A place among points, with what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 0.
    pub index: usize,
    pub point: Point,
    x: u64,
}

impl Place {
    /// The last one, where there are fewer.
    #[must_use]
    pub fn find(points: &[Point], index: usize, is_compared: bool) -> Option<Self> {
        let index = index.min(points.len().checked_sub(1)?);
        let mut point = points.get(index)?.clone();
        point.before = point.before.filter(|_| is_compared);
        let x = x_of(index, points.len());
        Some(Self { index, point, x })
    }

    /// The path of a line from top to bottom.
    #[must_use]
    pub fn upright(&self) -> String {
        format!("M{} 0V{}", decimal(self.x), decimal(HEIGHT))
    }

    /// The path of next to nothing, whose round ends are a dot: a circle would
    /// be stretched with the drawing.
    #[must_use]
    pub fn dot(&self, value: u64, top: u64) -> String {
        format!("M{} {}h.01", decimal(self.x), decimal(y_of(value, top)))
    }

    /// How far from the left edge.
    #[must_use]
    pub fn left(&self) -> String {
        percent(self.x, WIDTH)
    }

    #[must_use]
    pub fn is_past_the_middle(&self) -> bool {
        self.x * 2 > WIDTH
    }

    /// What is there, for whoever doesn't see it.
    #[must_use]
    pub fn words(&self, unit: &str) -> String {
        let Point {
            label,
            value,
            before,
        } = &self.point;
        let before = before.map(|before| format!(", period before {}", grouped(before)));
        format!(
            "{label}: {unit} {}{}",
            grouped(*value),
            before.unwrap_or_default()
        )
    }
}

/// Where a key leads to, if it is one that leads somewhere.
#[must_use]
pub fn moved(key: &str, index: usize, last: usize) -> Option<usize> {
    Some(match key {
        "ArrowRight" | "ArrowUp" => (index + 1).min(last),
        "ArrowLeft" | "ArrowDown" => index.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Vec<Point> {
        let values = [(12, Some(9)), (1_200, None), (0, Some(4))];
        values
            .into_iter()
            .zip(["14:05", "14:06", "14:07"])
            .map(|((value, before), label)| Point {
                label: label.to_owned(),
                value,
                before,
            })
            .collect()
    }

    #[test]
    fn a_place_says_what_is_there() {
        for (index, is_compared, words) in [
            (0, true, "14:05: Events 12, period before 9"),
            (0, false, "14:05: Events 12"),
            (1, true, "14:06: Events 1,200"),
            (9, true, "14:07: Events 0, period before 4"),
        ] {
            let place = Place::find(&points(), index, is_compared).unwrap();
            assert_eq!(place.words("Events"), words);
        }
        assert_eq!(Place::find(&[], 0, true), None);
    }

    #[test]
    fn a_place_is_drawn_where_it_is() {
        let place = Place::find(&points(), 1, true).unwrap();
        assert_eq!(place.upright(), "M360 0V200");
        assert_eq!(place.dot(1, 4), "M360 150h.01");
        assert_eq!(place.left(), "50%");
        let sides = [0, 1, 2].map(|index| {
            let place = Place::find(&points(), index, true).unwrap();
            place.is_past_the_middle()
        });
        assert_eq!(sides, [false, false, true]);
    }

    #[test]
    fn keys_lead_along_and_stay_within() {
        for (key, from, to) in [
            ("ArrowRight", 1, Some(2)),
            ("ArrowRight", 2, Some(2)),
            ("ArrowLeft", 1, Some(0)),
            ("ArrowLeft", 0, Some(0)),
            ("ArrowUp", 0, Some(1)),
            ("ArrowDown", 2, Some(1)),
            ("Home", 2, Some(0)),
            ("End", 0, Some(2)),
            ("j", 1, None),
        ] {
            assert_eq!(moved(key, from, 2), to, "{key} at {from}");
        }
    }
}
