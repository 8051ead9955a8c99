//! Amounts of money.

use serde::{Deserialize, Serialize};

use crate::billing::plan::Price;

/// An amount in the smallest unit of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    /// Its code, in small letters: `usd`.
    currency: String,
}

/// Currencies without a smaller unit, as Stripe counts them.
const WHOLE: [&str; 16] = [
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
];
/// Those with a thousand to one.
const THOUSANDTHS: [&str; 5] = ["bhd", "jod", "kwd", "omr", "tnd"];

impl Money {
    #[must_use]
    pub fn new(minor: i64, currency: &str) -> Self {
        Self {
            minor,
            currency: currency.to_ascii_lowercase(),
        }
    }

    /// What a plan costs where nothing else is known.
    #[must_use]
    pub fn listed(price: Price) -> Option<Self> {
        match price {
            Price::Usd(dollars) => Some(Self::new(i64::from(dollars) * 100, "usd")),
            Price::Custom => None,
        }
    }

    #[must_use]
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The same amount on the other side.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self {
            minor: -self.minor,
            currency: self.currency.clone(),
        }
    }

    fn decimals(&self) -> usize {
        let currency = self.currency.as_str();
        if WHOLE.contains(&currency) {
            0
        } else if THOUSANDTHS.contains(&currency) {
            3
        } else {
            2
        }
    }

    fn sign(&self) -> Option<&'static str> {
        Some(match self.currency.as_str() {
            "usd" => "$",
            "eur" => "€",
            "gbp" => "£",
            "jpy" => "¥",
            "inr" => "₹",
            _ => return None,
        })
    }
}

/// As people write it: `$29`, `€29.50`, `CHF 29`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = 10_u64.pow(u32::try_from(self.decimals()).unwrap_or_default());
        let (whole, rest) = (
            self.minor.unsigned_abs() / unit,
            self.minor.unsigned_abs() % unit,
        );
        if self.minor < 0 {
            f.write_str("−")?;
        }
        match self.sign() {
            Some(sign) => f.write_str(sign)?,
            None => write!(f, "{} ", self.currency.to_ascii_uppercase())?,
        }
        let digits = whole.to_string();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if rest > 0 {
            write!(f, ".{rest:0width$}", width = self.decimals())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (minor, currency, text) in [
            (2_900, "usd", "$29"),
            (2_950, "EUR", "€29.50"),
            (-1_234_567, "usd", "−$12,345.67"),
            (2_900, "jpy", "¥2,900"),
            (9_905, "chf", "CHF 99.05"),
            (1_250, "kwd", "KWD 1.250"),
            (0, "gbp", "£0"),
        ] {
            assert_eq!(Money::new(minor, currency).to_string(), text);
        }
    }
}
