//! Cards, and how each of the known numbers behaves.

use serde::{Deserialize, Serialize};

use super::{Books, Metadata};
use crate::sandbox::{moment::Moment, refusal::Refusal};

/// A card, on file with a customer or not yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Card {
    pub id: String,
    pub created: Moment,
    pub customer: Option<String>,
    pub kind: Kind,
    pub exp_month: u32,
    pub exp_year: i32,
    pub holder: Option<String>,
    pub email: Option<String>,
    pub metadata: Metadata,
}

/// A number for trying, and what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Visa,
    Mastercard,
    Declined,
    PoorVisa,
    /// The bank wants to ask the holder when it is put on file.
    Asks,
    /// Can be put on file, and then every charge fails.
    FailsLater,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Visa,
        Self::Mastercard,
        Self::Asks,
        Self::FailsLater,
        Self::Declined,
        Self::PoorVisa,
    ];

    /// The number, in groups of four.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Self::Visa => "4242 4242 4242 4242",
            Self::Mastercard => "5555 5555 5555 4444",
            Self::Declined => "4000 0000 0000 0002",
            Self::PoorVisa => "4000 0000 0000 9995",
            Self::Asks => "4000 0025 0000 3155",
            Self::FailsLater => "4000 0000 0000 0341",
        }
    }

    /// What comes of it, in a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Visa | Self::Mastercard => "pays",
            Self::Declined => "is declined",
            Self::PoorVisa => "has insufficient funds",
            Self::Asks => "asks for a confirmation first",
            Self::FailsLater => "pays the first time, and fails later",
        }
    }

    /// The kind with this number, however it is spaced.
    #[must_use]
    pub fn numbered(number: &str) -> Option<Self> {
        let digits = |text: &str| text.replace([' ', '-'], "");
        let number = digits(number);
        Self::ALL
            .into_iter()
            .find(|kind| digits(kind.number()) == number)
    }

    #[must_use]
    pub fn last4(self) -> &'static str {
        self.number().rsplit(' ').next().unwrap_or_default()
    }

    #[must_use]
    pub fn brand(self) -> &'static str {
        match self {
            Self::Mastercard => "mastercard",
            _ => "visa",
        }
    }

    /// The brand, for people.
    #[must_use]
    pub fn brand_name(self) -> &'static str {
        match self {
            Self::Mastercard => "Mastercard",
            _ => "Visa",
        }
    }

    /// Whether the bank says no even to its being put on file.
    ///
    /// # Errors
    /// With what the bank says.
    pub fn check(self) -> Result<(), Refusal> {
        match self {
            Self::Declined => Err(declined()),
            Self::PoorVisa => Err(Refusal::card(
                "card_declined",
                Some("insufficient_funds"),
                "Your card has insufficient funds.",
            )),
            _ => Ok(()),
        }
    }
}

/// What a bank says that gives no reason.
#[must_use]
pub fn declined() -> Refusal {
    Refusal::card(
        "card_declined",
        Some("generic_decline"),
        "Your card was declined.",
    )
}

/// A card as it is typed into a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub kind: Kind,
    pub exp_month: u32,
    pub exp_year: i32,
    pub holder: Option<String>,
}

impl Books {
    /// # Errors
    /// If there is no such card.
    pub fn card(&self, id: &str) -> Result<&Card, Refusal> {
        self.cards
            .get(id)
            .ok_or_else(|| Refusal::missing("PaymentMethod", id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_however_it_is_spaced() {
        assert_eq!(Kind::numbered("4242424242424242"), Some(Kind::Visa));
        assert_eq!(Kind::numbered("4000-0000-0000-0002"), Some(Kind::Declined));
        assert_eq!(Kind::numbered("4111 1111 1111 1111"), None);
        assert_eq!(Kind::FailsLater.last4(), "0341");
    }
}
