//! Numbers for people.

/// With a comma between thousands: `25,020`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Short, as on an axis: `1.2k`. What is more exact than that is left out.
#[must_use]
pub fn compact(number: u64) -> String {
    let (unit, letter) = match number {
        ..1_000 => return number.to_string(),
        1_000..1_000_000 => (1_000, 'k'),
        1_000_000..1_000_000_000 => (1_000_000, 'M'),
        _ => (1_000_000_000, 'B'),
    };
    let whole = number / unit;
    match number % unit / (unit / 10) {
        0 => format!("{whole}{letter}"),
        tenths => format!("{whole}.{tenths}{letter}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (25_020, "25,020"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn an_axis_is_short_of_room() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1k"),
            (1_200, "1.2k"),
            (12_345, "12.3k"),
            (999_999, "999.9k"),
            (2_000_000, "2M"),
            (1_500_000_000, "1.5B"),
        ] {
            assert_eq!(compact(number), text);
        }
    }
}
