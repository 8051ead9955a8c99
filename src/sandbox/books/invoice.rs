//! What is owed, and what was paid.

use serde::{Deserialize, Serialize};

use super::{Metadata, subscription::Span};
use crate::sandbox::moment::Moment;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invoice {
    pub id: String,
    /// What the hosted page is found by.
    pub secret: String,
    pub number: Option<String>,
    pub created: Moment,
    pub customer: String,
    pub customer_email: Option<String>,
    pub customer_name: Option<String>,
    pub subscription: Option<String>,
    pub subscription_metadata: Metadata,
    pub reason: Reason,
    pub state: InvoiceState,
    pub currency: String,
    pub span: Span,
    pub lines: Vec<Line>,
    /// The customer's balance before and after it.
    pub starting_balance: i64,
    pub ending_balance: Option<i64>,
    /// What is left to pay after the balance was used.
    pub amount_due: i64,
    pub attempts: u32,
    pub first_attempt: Option<Moment>,
    pub next_attempt: Option<Moment>,
    pub intent: Option<String>,
    pub finalized_at: Option<Moment>,
    pub paid_at: Option<Moment>,
    pub voided_at: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceState {
    Draft,
    Open,
    Paid,
    Void,
}

impl InvoiceState {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Void => "void",
        }
    }
}

/// Why it was made out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Create,
    Cycle,
    Update,
    Upcoming,
}

impl Reason {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "subscription_create",
            Self::Cycle => "subscription_cycle",
            Self::Update => "subscription_update",
            Self::Upcoming => "upcoming",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    /// In cents; what is below zero is credit.
    pub amount: i64,
    pub currency: String,
    pub description: String,
    pub price: String,
    pub quantity: u32,
    /// The subscription's item that it is for.
    pub item: String,
    pub span: Span,
    pub is_proration: bool,
}

impl Invoice {
    #[must_use]
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }

    #[must_use]
    pub fn amount_paid(&self) -> i64 {
        match self.state {
            InvoiceState::Paid => self.amount_due,
            _ => 0,
        }
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == InvoiceState::Open
    }
}

/// An attempt to take money, or several for one invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Intent {
    pub id: String,
    pub created: Moment,
    pub charge: String,
    pub amount: i64,
    pub currency: String,
    pub customer: String,
    pub invoice: String,
    pub card: Option<String>,
    /// What the bank said last, if it said no: a Stripe error.
    pub error: Option<serde_json::Value>,
    pub has_succeeded: bool,
    pub refunded: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refund {
    pub id: String,
    pub created: Moment,
    pub amount: i64,
    pub currency: String,
    pub charge: String,
    pub intent: String,
    pub reason: Option<String>,
    pub metadata: Metadata,
}
