//! Something that is paid for again and again.

use serde::{Deserialize, Serialize};

use super::{Metadata, invoice::Line, wares::Every};
use crate::sandbox::moment::{DAY, Moment};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subscription {
    pub id: String,
    pub created: Moment,
    pub customer: String,
    pub standing: Standing,
    pub items: Vec<Item>,
    pub currency: String,
    pub every: Every,
    /// The moment by which periods are counted.
    pub anchor: Moment,
    /// How many periods have begun since, without the first.
    pub turns: u32,
    pub period: Span,
    pub cancel_at_period_end: bool,
    pub cancel_at: Option<Moment>,
    pub canceled_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub why_canceled: WhyCanceled,
    /// The card that pays; without one it is the customer's.
    pub card: Option<String>,
    pub latest_invoice: Option<String>,
    pub metadata: Metadata,
    pub trial: Option<Trial>,
    pub without_card: WithoutCard,
    /// What goes on the next invoice besides the period itself.
    pub pending: Vec<Line>,
}

/// A price that is paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    pub created: Moment,
    pub price: String,
    pub quantity: u32,
}

/// From a moment up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub start: Moment,
    pub end: Moment,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trial {
    pub span: Span,
    /// Whether it has been said that it ends soon.
    pub is_announced: bool,
}

impl Trial {
    /// How long before its end that is said.
    pub const NOTICE: i64 = 3 * DAY;
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WhyCanceled {
    pub reason: Option<String>,
    pub comment: Option<String>,
    pub feedback: Option<String>,
}

/// What becomes of a trial that ends with no card on file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutCard {
    #[default]
    CreateInvoice,
    Pause,
    Cancel,
}

impl WithoutCard {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateInvoice => "create_invoice",
            Self::Pause => "pause",
            Self::Cancel => "cancel",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::CreateInvoice, Self::Pause, Self::Cancel]
            .into_iter()
            .find(|choice| choice.name() == name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Incomplete,
    IncompleteExpired,
    Trialing,
    Active,
    PastDue,
    Unpaid,
    Paused,
    Canceled,
}

impl Standing {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::IncompleteExpired => "incomplete_expired",
            Self::Trialing => "trialing",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Unpaid => "unpaid",
            Self::Paused => "paused",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing more will come of it.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Canceled | Self::IncompleteExpired)
    }

    /// Whether a new period begins when one is over.
    #[must_use]
    pub fn renews(self) -> bool {
        matches!(
            self,
            Self::Trialing | Self::Active | Self::PastDue | Self::Unpaid
        )
    }
}

impl Subscription {
    /// For how long a first payment may be outstanding.
    pub const GRACE: i64 = 23 * 3_600;

    /// Begins the period after this one.
    pub fn turn(&mut self) {
        self.turns += 1;
        self.period = Span {
            start: self.period.end,
            end: self.every.after(self.anchor, self.turns + 1),
        };
        self.follow_period();
    }

    /// Begins to count periods anew.
    pub fn restart(&mut self, at: Moment) {
        self.anchor = at;
        self.turns = 0;
        self.period = Span {
            start: at,
            end: self.every.after(at, 1),
        };
        self.follow_period();
    }

    /// The period after this one.
    #[must_use]
    pub fn next_period(&self) -> Span {
        let mut next = self.clone();
        if self.standing == Standing::Trialing {
            next.restart(self.period.end);
        } else {
            next.turn();
        }
        next.period
    }

    /// An end that is bound to the period moves with it.
    fn follow_period(&mut self) {
        if self.cancel_at_period_end {
            self.cancel_at = Some(self.period.end);
        }
    }
}
