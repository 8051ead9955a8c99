//! Ids as Stripe writes them: a prefix says what it is. The first characters
//! after it count upwards, so that ids sort in the order of their making.

use rand::{Rng, distr::Alphanumeric};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const COUNTED: usize = 6;

/// The id of the so-many-th thing.
#[must_use]
pub fn id(prefix: &str, count: u64) -> String {
    format!("{prefix}_{}{}", counted(count), letters(12))
}

/// So many random letters and digits.
#[must_use]
pub fn letters(how_many: usize) -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(how_many)
        .map(char::from)
        .collect()
}

/// Any number up to that one.
#[must_use]
pub fn up_to(most: u32) -> u32 {
    rand::rng().random_range(0..=most)
}

fn counted(mut count: u64) -> String {
    let mut digits = Vec::with_capacity(COUNTED);
    for _ in 0..COUNTED {
        let digit = usize::try_from(count % 36).unwrap_or_default();
        digits.push(DIGITS.get(digit).copied().map_or('0', char::from));
        count /= 36;
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_id_sorts_after_an_earlier_one() {
        let ids: Vec<String> = [0, 1, 9, 10, 35, 36, 99_999]
            .map(|count| id("cus", count))
            .to_vec();
        assert!(ids.is_sorted());
        assert_ne!(id("cus", 7), id("cus", 7));
    }
}
