//! Where things are in a plot. All is counted in tenths of a unit of the
//! drawing and written as integers: to format a float would cost the browser
//! kilobytes.

/// Of a plot, in tenths.
pub const WIDTH: u64 = 7200;
pub const HEIGHT: u64 = 2000;

/// The highest tick: a round number that four equal steps lead to.
#[must_use]
pub fn top_tick(largest: u64) -> u64 {
    let mut step = 1_u64;
    loop {
        for factor in [1, 2, 3, 5] {
            let top = step.saturating_mul(factor).saturating_mul(4);
            if top >= largest {
                return top;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// Where a place is, from the left. Places are spread from edge to edge; one
/// alone is in the middle.
#[must_use]
pub fn x_of(place: usize, count: usize) -> u64 {
    match count {
        0 | 1 => WIDTH / 2,
        _ => divided(place as u64 * WIDTH, count as u64 - 1).min(WIDTH),
    }
}

/// Where a value is, from above.
#[must_use]
pub fn y_of(value: u64, top: u64) -> u64 {
    // A count so large that it saturates has no chart.
    let height = divided(value.min(top).saturating_mul(HEIGHT), top);
    HEIGHT.saturating_sub(height)
}

/// The place nearest to a pointer, where there is any.
#[must_use]
pub fn place_at(offset: i32, width: i32, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    // To the left of the plot is its edge.
    let offset = usize::try_from(offset).unwrap_or_default();
    let width = usize::try_from(width).unwrap_or_default().max(1);
    let place = (offset.saturating_mul(last) + width / 2) / width;
    Some(place.min(last))
}

/// The path of a line through values.
#[must_use]
pub fn line_path(values: &[u64], top: u64) -> String {
    let values: Vec<Option<u64>> = values.iter().copied().map(Some).collect();
    broken_path(&values, top)
}

/// The path of a line with a gap where a value is missing.
#[must_use]
pub fn broken_path(values: &[Option<u64>], top: u64) -> String {
    if let [Some(only)] = values {
        let y = decimal(y_of(*only, top));
        return format!("M0 {y}H{}", decimal(WIDTH));
    }
    let mut path = String::new();
    let mut is_drawing = false;
    for (place, value) in values.iter().enumerate() {
        let Some(value) = *value else {
            is_drawing = false;
            continue;
        };
        // What follows a move without a letter is drawn.
        path.push(if is_drawing { ' ' } else { 'M' });
        path.push_str(&decimal(x_of(place, values.len())));
        path.push(' ');
        path.push_str(&decimal(y_of(value, top)));
        is_drawing = true;
    }
    path
}

/// The path of the area between values and the floor.
#[must_use]
pub fn area_path(values: &[u64], top: u64) -> String {
    let line = line_path(values, top);
    if line.is_empty() {
        return line;
    }
    format!("{line}V{}H0Z", decimal(HEIGHT))
}

/// How much a part is of a whole: `37.5%`.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    decimal(divided(part.saturating_mul(1000), whole)) + "%"
}

/// Tenths as a number: `1234` is `123.4`.
#[must_use]
pub fn decimal(tenths: u64) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// Rounded; nothing divided by nothing is nothing.
fn divided(number: u64, by: u64) -> u64 {
    number.saturating_add(by / 2) / by.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_above_all_values() {
        for (largest, top) in [
            (0, 4),
            (3, 4),
            (4, 4),
            (5, 8),
            (9, 12),
            (13, 20),
            (21, 40),
            (41, 80),
            (81, 120),
            (999, 1200),
        ] {
            assert_eq!(top_tick(largest), top, "{largest}");
        }
    }

    #[test]
    fn a_line_goes_from_edge_to_edge() {
        let lines: [(&[u64], u64, &str); 7] = [
            (&[], 4, ""),
            (&[2], 4, "M0 100H720"),
            (&[0, 0], 4, "M0 200 720 200"),
            (&[0, 2, 4], 4, "M0 200 360 100 720 0"),
            (&[4, 4], 8, "M0 100 720 100"),
            (&[1, 9], 3, "M0 133.3 720 0"),
            (&[0, 0, 0, 0], 0, "M0 200 240 200 480 200 720 200"),
        ];
        for (values, top, path) in lines {
            assert_eq!(line_path(values, top), path, "{values:?} of {top}");
        }
        assert!(line_path(&[0; 8], 4).starts_with("M0 200 102.9 200 205.7 200"));
    }

    #[test]
    fn a_line_is_broken_where_there_is_no_value() {
        let values = [None, Some(4), Some(0), None, Some(2)];
        assert_eq!(broken_path(&values, 4), "M180 0 360 200M720 100");
        assert_eq!(broken_path(&[None], 4), "");
    }

    #[test]
    fn an_area_stands_on_the_floor() {
        let areas: [(&[u64], &str); 3] = [
            (&[], ""),
            (&[2], "M0 100H720V200H0Z"),
            (&[0, 4], "M0 200 720 0V200H0Z"),
        ];
        for (values, path) in areas {
            assert_eq!(area_path(values, 4), path);
        }
    }

    #[test]
    fn a_pointer_is_at_the_nearest_place() {
        for (offset, place) in [(-5, 0), (0, 0), (49, 0), (50, 1), (149, 1), (250, 2)] {
            assert_eq!(place_at(offset, 200, 3), Some(place), "{offset}");
        }
        assert_eq!(place_at(9, 0, 2), Some(1));
        assert_eq!(place_at(9, 200, 1), Some(0));
        assert_eq!(place_at(9, 200, 0), None);
    }

    #[test]
    fn a_share_is_in_per_cent() {
        for (part, whole, text) in [(3, 8, "37.5%"), (2, 2, "100%"), (0, 0, "0%")] {
            assert_eq!(percent(part, whole), text);
        }
    }
}
