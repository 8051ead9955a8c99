//! What people are shown of what is paid for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Limit, Money, Plan, Quota, SubscriptionStatus};
use crate::{
    error::{AppError, Problem},
    usage::model::{InUse, LimitUse},
};

/// What a plan is sold at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub plan: Plan,
    /// Nothing where it is as agreed.
    pub money: Option<Money>,
    /// How often: `month`, `3 months`.
    pub per: String,
    /// Whether it can be bought here.
    pub is_sold: bool,
}

/// The card on file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardOnFile {
    /// As people write it: `Visa`.
    pub brand: String,
    pub last4: String,
    pub exp_month: u32,
    pub exp_year: u32,
}

impl CardOnFile {
    /// A card is good until the end of its month.
    #[must_use]
    pub fn has_expired(&self, now: DateTime<Utc>) -> bool {
        use chrono::Datelike;
        let month = (i64::from(self.exp_year), i64::from(self.exp_month));
        month < (i64::from(now.year()), i64::from(now.month()))
    }
}

/// A bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    pub id: String,
    pub number: Option<String>,
    pub at: Option<DateTime<Utc>>,
    pub total: Money,
    pub status: InvoiceStatus,
    /// Where it can be looked at, and paid.
    pub page: Option<String>,
    pub pdf: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStatus {
    Draft,
    Open,
    Paid,
    Void,
    Uncollectible,
}

impl InvoiceStatus {
    /// By the name that Stripe gives it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "paid" => Self::Paid,
            "open" => Self::Open,
            "void" => Self::Void,
            "uncollectible" => Self::Uncollectible,
            _ => Self::Draft,
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open => "Open",
            Self::Paid => "Paid",
            Self::Void => "Void",
            Self::Uncollectible => "Uncollectible",
        }
    }
}

/// What is known only to Stripe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtStripe {
    pub card: Option<CardOnFile>,
    /// The newest first.
    pub invoices: Vec<InvoiceRow>,
}

impl AtStripe {
    /// The bill that is to be paid.
    #[must_use]
    pub fn open_invoice(&self) -> Option<&InvoiceRow> {
        let mut invoices = self.invoices.iter();
        invoices.find(|invoice| invoice.status == InvoiceStatus::Open)
    }
}

/// How an organization pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingReport {
    /// Whether anything is sold here.
    pub is_on: bool,
    /// Whether no money moves.
    pub is_test: bool,
    pub plan: Plan,
    pub status: SubscriptionStatus,
    pub has_subscription: bool,
    pub is_customer: bool,
    pub period_end: Option<DateTime<Utc>>,
    pub cancels_at_period_end: bool,
    /// What the plans cost, from the lowest.
    pub offers: Vec<Offer>,
    /// What is paid now; it may be another price than the plan is sold at.
    pub pays: Option<Money>,
    /// Nothing while Stripe can't be reached.
    pub at_stripe: Option<AtStripe>,
    pub usage: InUse,
    /// When a second subscription was found, if that was lately.
    pub given_back_at: Option<DateTime<Utc>>,
    /// Changes whenever any of this does that Stripe's events bring.
    pub mark: String,
    /// By which a form that is sent twice is known.
    pub intent: String,
    /// When it was read.
    pub now: DateTime<Utc>,
}

impl BillingReport {
    /// Whether there is a page at Stripe for cards and invoices.
    #[must_use]
    pub const fn has_portal(&self) -> bool {
        self.is_on && self.is_customer
    }

    #[must_use]
    pub fn offer(&self, plan: Plan) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.plan == plan)
    }
}

/// What a change of the plan would come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePreview {
    pub from: Plan,
    pub to: Offer,
    /// When what is paid for now ends.
    pub period_end: Option<DateTime<Utc>>,
    /// Of a change between plans that are paid for; one to Free costs nothing.
    pub cost: Option<ChangeCost>,
    /// What of the organization is over the limits of the plan.
    pub over: Vec<OverLimit>,
    pub intent: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCost {
    /// What is paid at once; nothing where it is reckoned up later.
    pub due_now: Option<Money>,
    /// The next bill, where it is reckoned up then; what it gives back is below
    /// nothing.
    pub next_bill: Option<Money>,
    /// What it is made of.
    pub lines: Vec<(String, Money)>,
    /// The moment that it is reckoned by, in seconds.
    pub reckoned_at: i64,
}

/// Something that doesn't fit into a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverLimit {
    pub limit: Limit,
    pub used: u64,
    pub max: u64,
}

/// What of that is more than a plan gives.
#[must_use]
pub fn over(plan: Plan, usage: &InUse) -> Vec<OverLimit> {
    let of = |LimitUse { limit, usage }: LimitUse| match plan.quota(limit) {
        Quota::Limited(max) if usage.used > max => Some(OverLimit {
            limit,
            used: usage.used,
            max,
        }),
        _ => None,
    };
    usage.limits().into_iter().filter_map(of).collect()
}

/// # Errors
/// `Invalid` unless it names a plan that is paid for.
pub fn paid_plan(name: &str) -> Result<Plan, AppError> {
    Plan::ALL
        .into_iter()
        .find(|plan| plan.name().eq_ignore_ascii_case(name) && *plan != Plan::Free)
        .ok_or_else(|| AppError::invalid("plan", Problem::NotAChoice))
}

/// # Errors
/// `Invalid` unless it names a plan.
pub fn any_plan(name: &str) -> Result<Plan, AppError> {
    if name.eq_ignore_ascii_case(Plan::Free.name()) {
        return Ok(Plan::Free);
    }
    paid_plan(name)
}

/// What was sent to tell an intent from others, if it can.
#[must_use]
pub fn intent(text: &str) -> Option<&str> {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_plain && (8..=64).contains(&text.len())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_known_by_its_name_and_by_nothing_else() {
        assert_eq!(paid_plan("PRO"), Ok(Plan::Pro));
        assert_eq!(paid_plan("starter"), Ok(Plan::Starter));
        for name in ["FREE", "", "price_sandbox_pro", "PRO ", "ALL"] {
            assert!(paid_plan(name).is_err(), "{name}");
        }
        assert_eq!(any_plan("free"), Ok(Plan::Free));
    }

    #[test]
    fn an_intent_is_plain() {
        assert!(intent("0198c9d2-aaaa-7bbb-8ccc-000000000000").is_some());
        for text in ["", "short", "with/slash-and-more", "ä2345678"] {
            assert!(intent(text).is_none(), "{text}");
        }
    }
}
