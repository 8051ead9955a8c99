//! What things were like when something happened to them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    access::Role,
    billing::{Plan, SubscriptionStatus, change::Billing},
    id::{Email, UserId},
};

/// How an organization pays, at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingSnapshot {
    pub plan: Plan,
    pub status: SubscriptionStatus,
    pub subscription: Option<String>,
    pub price: Option<String>,
    pub period_end: Option<DateTime<Utc>>,
    pub cancels_at_period_end: bool,
}

impl BillingSnapshot {
    #[must_use]
    pub fn of(billing: &Billing) -> Self {
        Self {
            plan: billing.plan,
            status: billing.status,
            subscription: billing.subscription.clone().map(|birth| birth.id),
            price: billing.price.clone(),
            period_end: billing.period.map(|period| period.end),
            cancels_at_period_end: billing.cancels_at_period_end,
        }
    }
}

/// What people can change about a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectText {
    pub name: String,
    pub description: String,
}

/// What of a deployment moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentSnapshot {
    pub status: String,
    pub message: Option<String>,
    pub url: Option<String>,
}

/// The file of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactSnapshot {
    pub name: String,
    pub bytes: u64,
}

/// A member as they were when it happened; they may be gone since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSnapshot {
    pub user: UserId,
    pub name: String,
    pub email: Email,
    pub role: Role,
}

impl MemberSnapshot {
    pub(super) fn told(&self) -> Value {
        json!({ "name": self.name, "email": self.email, "role": self.role })
    }
}
