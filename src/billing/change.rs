//! What a subscription, as Stripe has it now, makes of an organization.
//!
//! An event of Stripe is a hint to look again. What is seen then is compared
//! with what is known, here and nowhere else; the order of events, and how
//! often each comes, make no difference.

use chrono::{DateTime, Utc};

use super::{Plan, SubscriptionStatus};

/// What is known of how an organization pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billing {
    pub status: SubscriptionStatus,
    pub plan: Plan,
    /// The subscription that it pays by, until that has ended.
    pub subscription: Option<Birth>,
    pub price: Option<String>,
    pub period: Option<Period>,
    pub cancels_at_period_end: bool,
    /// The newest subscription that it ever had.
    pub newest: Option<Birth>,
    /// Those that were paid for beside another, which are given back.
    pub surplus: Vec<String>,
}

/// What is paid for at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}

/// When a subscription was made; of two at the same second, the id decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Birth {
    pub at: DateTime<Utc>,
    pub id: String,
}

/// A subscription as Stripe has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub id: String,
    pub created: DateTime<Utc>,
    pub status: StripeStatus,
    pub price: Option<String>,
    /// What its price buys; nothing of a price that nobody told us of.
    pub plan: Option<Plan>,
    /// Of its items, or, before Stripe moved it there, its own.
    pub period: Option<Period>,
    /// Whether it ends by itself.
    pub cancels: bool,
}

/// Stripe's statuses, and whatever it may think of later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StripeStatus {
    Incomplete,
    IncompleteExpired,
    Trialing,
    Active,
    PastDue,
    Canceled,
    Unpaid,
    Paused,
    Unknown(String),
}

/// What becomes of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillingChange {
    /// It is known already.
    Unchanged,
    /// It says nothing of the organization.
    Ignored(Ignored),
    /// The organization is so from now on.
    Becomes(Box<Billing>),
    /// It was paid for beside the one that the organization has: it is
    /// canceled and its money given back.
    Surplus,
    /// It takes the place of the one that the organization had, which is
    /// canceled, and given back if it was paid for.
    Replaces(Box<Billing>),
}

/// Why a subscription says nothing of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// It ended before what came after it.
    Stale,
    /// It isn't the one that the organization pays by.
    Foreign,
    /// It was given back.
    GivenBack,
    /// Its status is none that we know.
    UnknownStatus(String),
}

/// What an operator has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Nobody told us what that price buys: the plan is left as it was.
    UnknownPrice(String),
    /// Nobody told us what that status means: nothing is changed.
    UnknownStatus(String),
}

impl StripeStatus {
    /// By the name that Stripe gives it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "incomplete" => Self::Incomplete,
            "incomplete_expired" => Self::IncompleteExpired,
            "trialing" => Self::Trialing,
            "active" => Self::Active,
            "past_due" => Self::PastDue,
            "canceled" => Self::Canceled,
            "unpaid" => Self::Unpaid,
            "paused" => Self::Paused,
            other => Self::Unknown(other.to_owned()),
        }
    }

    const fn known(&self) -> Option<SubscriptionStatus> {
        Some(match self {
            Self::Incomplete => SubscriptionStatus::Incomplete,
            Self::IncompleteExpired => SubscriptionStatus::IncompleteExpired,
            Self::Trialing => SubscriptionStatus::Trialing,
            Self::Active => SubscriptionStatus::Active,
            Self::PastDue => SubscriptionStatus::PastDue,
            Self::Canceled => SubscriptionStatus::Canceled,
            Self::Unpaid => SubscriptionStatus::Unpaid,
            Self::Paused => SubscriptionStatus::Paused,
            Self::Unknown(_) => return None,
        })
    }
}

impl SubscriptionStatus {
    /// Whether a subscription that stands so will never be paid again.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::None | Self::Canceled | Self::IncompleteExpired)
    }

    /// Whether a subscription that stands so gives what was bought.
    #[must_use]
    pub const fn is_paying(self) -> bool {
        matches!(self, Self::Active | Self::Trialing | Self::PastDue)
    }
}

impl Subscription {
    #[must_use]
    pub fn birth(&self) -> Birth {
        Birth {
            at: self.created,
            id: self.id.clone(),
        }
    }

    /// Whether nothing will be paid for it any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.status.known().is_some_and(SubscriptionStatus::is_over)
    }

    /// Whether it gives what was bought.
    #[must_use]
    pub fn is_paying(&self) -> bool {
        self.status
            .known()
            .is_some_and(SubscriptionStatus::is_paying)
    }

    /// What an operator should know of it.
    #[must_use]
    pub fn alert(&self) -> Option<Alert> {
        match (&self.status, self.plan, &self.price) {
            (StripeStatus::Unknown(status), ..) => Some(Alert::UnknownStatus(status.clone())),
            (StripeStatus::Canceled | StripeStatus::IncompleteExpired, ..) => None,
            (_, None, price) => Some(Alert::UnknownPrice(price.clone().unwrap_or_default())),
            (_, Some(_), _) => None,
        }
    }
}

impl std::fmt::Display for Alert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownPrice(price) => {
                write!(f, "unknown price {price:?}: the plan was left as it was")
            }
            Self::UnknownStatus(status) => {
                write!(f, "unknown status {status:?}: nothing was changed")
            }
        }
    }
}

impl BillingChange {
    /// Compares what is known with what Stripe has.
    #[must_use]
    pub fn between(before: &Billing, now: &Subscription) -> Self {
        let Some(status) = now.status.known() else {
            let StripeStatus::Unknown(name) = &now.status else {
                return Self::Unchanged;
            };
            return Self::Ignored(Ignored::UnknownStatus(name.clone()));
        };
        if before.surplus.contains(&now.id) {
            return Self::Ignored(Ignored::GivenBack);
        }
        match &before.subscription {
            Some(current) if current.id == now.id => before.followed_by(now, status),
            Some(current) => before.beside(current, now, status),
            None if before.is_past(now, status) => Self::Ignored(Ignored::Stale),
            None => before.followed_by(now, status),
        }
    }
}

impl Billing {
    /// Whether it ended and was seen to its end, or was never paid by an
    /// organization whose subscription has ended.
    fn is_past(&self, other: &Subscription, status: SubscriptionStatus) -> bool {
        use SubscriptionStatus::{Canceled, Incomplete, IncompleteExpired};
        let newest = self.newest.as_ref();
        let is_known = newest.is_some_and(|newest| *newest >= other.birth());
        (status.is_over() && is_known)
            || (self.status == Canceled && matches!(status, Incomplete | IncompleteExpired))
    }

    fn followed_by(&self, now: &Subscription, status: SubscriptionStatus) -> BillingChange {
        let after = self.after(now, status);
        if after == *self {
            BillingChange::Unchanged
        } else {
            BillingChange::Becomes(Box::new(after))
        }
    }

    /// Another one than the organization pays by. Of two that are paid for, the
    /// older stays; one that isn't paid makes room for one that is.
    fn beside(
        &self,
        current: &Birth,
        now: &Subscription,
        status: SubscriptionStatus,
    ) -> BillingChange {
        if !status.is_paying() {
            return BillingChange::Ignored(Ignored::Foreign);
        }
        if self.status.is_paying() && *current < now.birth() {
            return BillingChange::Surplus;
        }
        let mut after = self.after(now, status);
        if self.status.is_paying() {
            after.surplus.push(current.id.clone());
        }
        BillingChange::Replaces(Box::new(after))
    }

    fn after(&self, now: &Subscription, status: SubscriptionStatus) -> Self {
        let newest = self.newest.clone().max(Some(now.birth()));
        let surplus = self.surplus.clone();
        if status.is_over() {
            return Self {
                status,
                plan: self.plan_after_the_end(status),
                subscription: None,
                price: None,
                period: None,
                cancels_at_period_end: false,
                newest,
                surplus,
            };
        }
        let plan = match status {
            // Nothing was paid yet.
            SubscriptionStatus::Incomplete => self.plan,
            _ => now.plan.unwrap_or(self.plan),
        };
        Self {
            status,
            plan,
            subscription: Some(now.birth()),
            price: now.price.clone(),
            period: now.period,
            cancels_at_period_end: now.cancels,
            newest,
            surplus,
        }
    }

    /// One that was never paid took nothing away.
    const fn plan_after_the_end(&self, status: SubscriptionStatus) -> Plan {
        match status {
            SubscriptionStatus::IncompleteExpired if !self.status.is_paying() => self.plan,
            _ => Plan::Free,
        }
    }
}

#[cfg(test)]
mod tests;
