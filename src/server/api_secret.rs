//! What a key of the public API looks like: `atr_live_`, 32 random characters
//! and a checksum of six, all of base 62. The checksum tells a key that was
//! copied badly, or made up, without a look into the database.

use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use crate::error::AppError;

/// What every key begins with.
pub const PREFIX: &str = "atr_live_";
/// 190.5 bits.
const RANDOM: usize = 32;
const CHECKSUM: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new key.
///
/// # Errors
/// `Internal` if the system gives no randomness.
pub fn generate() -> Result<String, AppError> {
    let mut key = PREFIX.to_owned();
    while key.len() < PREFIX.len() + RANDOM {
        let mut bytes = [0; RANDOM];
        OsRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| AppError::internal(&error))?;
        let left = PREFIX.len() + RANDOM - key.len();
        // The rest of a byte would make the first digits likelier than others.
        let fair = bytes.into_iter().filter(|byte| *byte < 62 * 4);
        key.extend(fair.take(left).filter_map(|byte| digit(byte.into())));
    }
    let checksum = checksum(&key);
    key.push_str(&checksum);
    Ok(key)
}

/// Whether a text can be a key at all.
#[must_use]
pub fn is_whole(text: &str) -> bool {
    let Some((body, given)) = text.split_at_checked(PREFIX.len() + RANDOM) else {
        return false;
    };
    body.strip_prefix(PREFIX)
        .is_some_and(|random| random.bytes().all(|byte| DIGITS.contains(&byte)))
        && given == checksum(body)
}

fn digit(value: u64) -> Option<char> {
    let place = usize::try_from(value % 62).ok()?;
    DIGITS.get(place).copied().map(char::from)
}

fn checksum(body: &str) -> String {
    let hash = Sha256::digest(body);
    let mut rest = hash
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    (0..CHECKSUM)
        .filter_map(|_| {
            let digit = digit(rest);
            rest /= 62;
            digit
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_whole_and_no_other_text_is() {
        let key = generate().unwrap();
        assert_eq!(key.len(), PREFIX.len() + 38);
        assert!(is_whole(&key), "{key}");
        assert_ne!(key, generate().unwrap());
        for place in PREFIX.len()..key.len() {
            let mut other = key.clone();
            let swapped = if key.as_bytes()[place] == b'x' {
                "y"
            } else {
                "x"
            };
            other.replace_range(place..=place, swapped);
            assert!(!is_whole(&other), "{other}");
        }
        for other in [
            "",
            "atr_live_",
            &key[..46],
            &format!("{key}0"),
            "atr_live_ééééééééééééééééé",
        ] {
            assert!(!is_whole(other), "{other}");
        }
    }
}
