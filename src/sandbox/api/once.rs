//! Idempotency: what is asked twice under one key is done once.

use serde_json::Value;

use crate::sandbox::{
    books::{
        Books,
        rules::{Answer, Once},
    },
    moment::{self, DAY},
    refusal::Refusal,
};

/// For how long answers are remembered, by the clock on the wall.
const REMEMBERED: i64 = DAY;

/// What is to become of a request with a key.
#[derive(Debug, PartialEq)]
pub enum Turn {
    /// It is to be done; `end_turn` must follow.
    Yours,
    Answered(Answer),
    Refused(Refusal),
}

impl Books {
    /// Has at most one request at a time be done under a key, and one in all.
    pub fn take_turn(&mut self, key: &str, path: &str, params: &Value) -> Turn {
        let now = moment::wall();
        self.answers.retain(|_, once| now - once.begun < REMEMBERED);
        let Some(once) = self.answers.get(key) else {
            let once = Once {
                path: path.to_owned(),
                params: params.clone(),
                begun: now,
                answer: None,
            };
            self.answers.insert(key.to_owned(), once);
            return Turn::Yours;
        };
        if once.path != path || once.params != *params {
            return Turn::Refused(
                Refusal::invalid(format!(
                    "Keys for idempotent requests can only be used with the same parameters \
                     they were first used with. Try using a key other than '{key}' if you meant \
                     to execute a different request."
                ))
                .with_status(400, "idempotency_error"),
            );
        }
        match &once.answer {
            Some(answer) => Turn::Answered(answer.clone()),
            None => Turn::Refused(
                Refusal::invalid(format!(
                    "There is currently another in-progress request using this Idempotent Key \
                     '{key}'. Please try again later."
                ))
                .with_status(409, "invalid_request_error")
                .with_code("idempotency_key_in_use"),
            ),
        }
    }

    /// Remembers what was answered, or forgets the key if nothing was begun.
    pub fn end_turn(&mut self, key: &str, answer: Option<&Answer>) {
        match (answer, self.answers.get_mut(key)) {
            (Some(answer), Some(once)) => once.answer = Some(answer.clone()),
            _ => {
                self.answers.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_key_is_for_one_request() {
        let mut books = Books::new();
        let (a, b) = (json!({ "name": "a" }), json!({ "name": "b" }));
        assert_eq!(books.take_turn("k", "/v1/customers", &a), Turn::Yours);
        let Turn::Refused(busy) = books.take_turn("k", "/v1/customers", &a) else {
            panic!("it is under way");
        };
        assert_eq!(busy.status, 409);
        let answer = Answer {
            status: 402,
            body: json!({}),
        };
        books.end_turn("k", Some(&answer));
        let again = books.take_turn("k", "/v1/customers", &a);
        assert_eq!(again, Turn::Answered(answer));
        for (path, params) in [("/v1/customers", &b), ("/v1/prices", &a)] {
            let Turn::Refused(other) = books.take_turn("k", path, params) else {
                panic!("it is another request");
            };
            assert_eq!((other.status, other.kind), (400, "idempotency_error"));
        }
    }

    #[test]
    fn what_was_not_begun_can_be_asked_again() {
        let mut books = Books::new();
        let params = json!({});
        assert_eq!(books.take_turn("k", "/v1/customers", &params), Turn::Yours);
        books.end_turn("k", None);
        assert_eq!(books.take_turn("k", "/v1/customers", &params), Turn::Yours);
    }
}
