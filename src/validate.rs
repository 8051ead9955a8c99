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
        if length == 0 && min > 0 {
            self.fail(field, Problem::Missing);
        } else if length < min {
            self.fail(field, Problem::TooShort(min));
        } else if length > max {
            self.fail(field, Problem::TooLong(max));
        } else if text.chars().any(bad) {
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
