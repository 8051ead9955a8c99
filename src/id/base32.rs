//! Crockford's base 32 of a UUID, as the TypeID specification writes it: 26
//! lower-case digits, the first of which is at most 7.

use uuid::Uuid;

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

pub(super) fn encode(id: Uuid) -> String {
    let bits = id.as_u128();
    (0..LENGTH)
        .rev()
        .filter_map(|place| {
            let digit = (bits >> (place * 5)) & 31;
            DIGITS.get(usize::try_from(digit).ok()?).copied()
        })
        .map(char::from)
        .collect()
}

pub(super) fn decode(text: &str) -> Option<Uuid> {
    if text.len() != LENGTH || text.as_bytes().first()? > &b'7' {
        return None;
    }
    text.bytes()
        .try_fold(0_u128, |bits, byte| {
            let digit = DIGITS.iter().position(|digit| *digit == byte)?;
            Some((bits << 5) | digit as u128)
        })
        .map(Uuid::from_u128)
}
