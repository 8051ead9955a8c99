//! The fields for a card, on the till and in the portal.

use serde::Deserialize;

use super::html::escape;
use crate::sandbox::{
    books::card::{Entry, Kind},
    moment::{self, Moment},
    refusal::Refusal,
};

/// A card as somebody has typed it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    number: String,
    expiry: String,
    cvc: String,
    name: String,
}

impl Typed {
    /// # Errors
    /// If it can't be a card, in words for whoever typed it.
    pub fn read(&self, now: Moment) -> Result<Entry, Refusal> {
        let wrong = |code, words| Err(Refusal::card(code, None, words));
        let Some(kind) = Kind::numbered(&self.number) else {
            return wrong(
                "incorrect_number",
                "Your card number is incorrect. Use one of the test cards.",
            );
        };
        let Some((exp_month, exp_year)) = expiry(&self.expiry) else {
            return wrong(
                "invalid_expiry_month",
                "Your card's expiration date is invalid. Write it as MM/YY.",
            );
        };
        if (exp_year, exp_month) < moment::year_and_month(now) {
            return wrong("expired_card", "Your card has expired.");
        }
        let is_cvc = (3..=4).contains(&self.cvc.len())
            && self.cvc.chars().all(|digit| digit.is_ascii_digit());
        if !is_cvc {
            return wrong("invalid_cvc", "Your card's security code is invalid.");
        }
        Ok(Entry {
            kind,
            exp_month,
            exp_year,
            holder: Some(self.name.trim().to_owned()).filter(|name| !name.is_empty()),
        })
    }
}

/// The month and the year of `MM/YY`.
fn expiry(text: &str) -> Option<(u32, i32)> {
    let (month, year) = text.split_once('/')?;
    let month = month.trim().parse().ok()?;
    let year: i32 = year.trim().parse().ok()?;
    ((1..=12).contains(&month) && (0..100).contains(&year)).then_some((month, 2000 + year))
}

/// The fields, filled in with a card that pays, or with what was typed.
#[must_use]
pub fn fields(typed: Option<&Typed>, now: Moment, name: &str) -> String {
    let (year, _) = moment::year_and_month(now);
    let usual = Typed {
        number: Kind::Visa.number().to_owned(),
        expiry: format!("12/{:02}", (year + 3) % 100),
        cvc: "123".to_owned(),
        name: name.to_owned(),
    };
    let shown = typed.unwrap_or(&usual);
    format!(
        "{number}<div class=\"pair\">{expiry}{cvc}</div>{name}{cards}",
        number = field(
            "Card number",
            "number",
            &shown.number,
            "cc-number",
            "numeric"
        ),
        expiry = field("Expiry (MM/YY)", "expiry", &shown.expiry, "cc-exp", "text"),
        cvc = field("CVC", "cvc", &shown.cvc, "cc-csc", "numeric"),
        name = field("Name on card", "name", &shown.name, "cc-name", "text"),
        cards = test_cards(),
    )
}

fn field(label: &str, name: &str, value: &str, autocomplete: &str, inputmode: &str) -> String {
    let required = if name == "name" { "" } else { " required" };
    format!(
        "<label>{label}<input name=\"{name}\" value=\"{}\" autocomplete=\"{autocomplete}\" \
         inputmode=\"{inputmode}\"{required}></label>",
        escape(value)
    )
}

fn test_cards() -> String {
    let cards: String = Kind::ALL
        .iter()
        .map(|kind| format!("<li>{} {}</li>", kind.number(), kind.words()))
        .collect();
    format!(
        "<details class=\"faint\"><summary>Test cards</summary><ul>{cards}</ul></details><p></p>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(number: &str, expiry: &str, cvc: &str) -> Typed {
        Typed {
            number: number.to_owned(),
            expiry: expiry.to_owned(),
            cvc: cvc.to_owned(),
            name: " Ada ".to_owned(),
        }
    }

    #[test]
    fn a_card_is_read_as_it_is_typed() {
        let now = 1_800_000_000; // January 2027
        let code = |typed: Typed| typed.read(now).map_err(|refusal| refusal.code.unwrap());
        let entry = code(typed("4242424242424242", "01 / 27", "123")).unwrap();
        assert_eq!((entry.exp_month, entry.exp_year), (1, 2027));
        assert_eq!(entry.holder.as_deref(), Some("Ada"));
        let wrong = [
            (typed("4242", "01/27", "123"), "incorrect_number"),
            (
                typed("4242424242424242", "13/27", "123"),
                "invalid_expiry_month",
            ),
            (typed("4242424242424242", "12/26", "123"), "expired_card"),
            (typed("4242424242424242", "01/27", "12"), "invalid_cvc"),
        ];
        for (typed, expected) in wrong {
            assert_eq!(code(typed), Err(expected));
        }
    }
}
