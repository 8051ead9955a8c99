//! Checks of what people type, shared by the browser and the server.

use crate::error::{AppError, FieldError, Problem};

/// Gathers all that is wrong with a form, so that it is said at once.
#[derive(Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    pub fn fail(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldError::new(field, problem));
    }

    /// A single line: trimmed, with as many characters as allowed, none of
    /// which is a control character.
    pub fn line(&mut self, field: &str, text: &str, min: usize, max: usize) -> String {
        let text = text.trim();
        self.text(field, text, min, max, |c| c.is_control());
        text.to_owned()
    }

    /// Text of several lines, else like [`Self::line`].
    pub fn lines(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim().replace("\r\n", "\n");
        self.text(field, &text, 0, max, |c| {
            c.is_control() && !matches!(c, '\n' | '\t')
        });
        text
    }

    /// What a parser made of the field, or nothing and its problem noted.
    pub fn parsed<T>(&mut self, field: &str, parsed: Result<T, Problem>) -> Option<T> {
        parsed.map_err(|problem| self.fail(field, problem)).ok()
    }

    fn text(&mut self, field: &str, text: &str, min: usize, max: usize, bad: fn(char) -> bool) {
        let length = text.chars().count();
        let shows = text.chars().any(|c| !joins(c) && !c.is_whitespace());
        if !shows && min > 0 {
            self.fail(field, Problem::Missing);
        } else if length < min {
            self.fail(field, Problem::TooShort(min));
        } else if length > max {
            self.fail(field, Problem::TooLong(max));
        } else if text.chars().any(|c| bad(c) || is_deceptive(c)) {
            self.fail(field, Problem::Malformed);
        }
    }

    /// # Errors
    /// `Invalid` with all that was noted.
    pub fn done(self) -> Result<(), AppError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid { errors: self.0 })
        }
    }
}

/// Joins the letters beside it, as in scripts and emoji that need it; nothing
/// by itself.
fn joins(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Shows nothing, or has the text after it read the other way round; or stands
/// for what couldn't be read.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'
        | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFFD}'
        | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(text: &str) -> bool {
        let mut checks = Checks::default();
        checks.line("name", text, 1, 80);
        checks.done().is_ok()
    }

    #[test]
    fn a_line_shows_what_it_says() {
        for text in ["Ada", "Zoë 👩\u{200D}🔬", "می\u{200C}خواهم"] {
            assert!(takes(text), "{text}");
        }
        for text in [
            "",
            " ",
            "\u{200B}",
            "\u{200D}",
            "\u{200D} \u{200D}",
            "\u{3164}",
            "\u{202E}eman",
            "a\u{FFFD}",
            "a\nb",
        ] {
            assert!(!takes(text), "{text:?}");
        }
    }
}
