//! What texts look like that are taken, as regular expressions of JSON Schema:
//! what the checks of people's input say in code.

/// Control characters, and what shows nothing or deceives.
const NEVER: &str = "\u{0}-\u{8}\u{B}-\u{1F}\u{7F}-\u{9F}\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\
    \u{180E}\u{200B}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2060}-\u{206F}\u{2800}\u{3164}\u{FEFF}\
    \u{FFA0}\u{FFFD}\u{E0000}-\u{E007F}";
/// What joins others and shows nothing by itself.
const JOINS: &str = "\u{200C}\u{200D}";

/// A line with something to see at both ends.
#[must_use]
pub fn line() -> String {
    let edge = format!("[^\\s{NEVER}{JOINS}]");
    let inner = format!("[^\\t\\n{NEVER}]");
    format!("^{edge}({inner}*{edge})?$")
}

/// The same, or nothing.
#[must_use]
pub fn line_or_nothing() -> String {
    let line = line();
    let inner = line.trim_start_matches('^').trim_end_matches('$');
    format!("^({inner})?$")
}

/// Lines of text, or nothing.
#[must_use]
pub fn lines() -> String {
    format!("^[^{NEVER}]*$")
}

/// A commit's hash, or nothing.
pub const COMMIT: &str = "^([0-9A-Fa-f]{4,64})?$";
/// An address of the web, or nothing; the program takes some more.
pub const URL: &str = "^(https?://[A-Za-z][A-Za-z0-9]{0,62}([.][A-Za-z][A-Za-z0-9]{0,62})*(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*)?)?$";

#[cfg(test)]
mod tests {
    use super::*;

    /// Both say the same of each character.
    #[test]
    fn what_a_pattern_leaves_out_is_what_is_refused() {
        let never: Vec<char> = NEVER.chars().collect();
        let is_left_out = |c: char| {
            let mut rest = never.as_slice();
            while let [first, tail @ ..] = rest {
                let (last, tail) = match tail {
                    ['-', last, tail @ ..] => (last, tail),
                    tail => (first, tail),
                };
                if (*first..=*last).contains(&c) {
                    return true;
                }
                rest = tail;
            }
            false
        };
        for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let mut checks = crate::validate::Checks::default();
            checks.lines("x", &format!("a{c}a"), 9);
            let is_refused = checks.done().is_err();
            assert_eq!(is_left_out(c), is_refused, "{:?}", c);
        }
    }
}
