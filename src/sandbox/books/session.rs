//! Visits to the hosted pages.

use serde::{Deserialize, Serialize};

use super::{Metadata, card::Entry, subscription::WithoutCard};
use crate::sandbox::moment::Moment;

/// A visit to the till.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckoutSession {
    pub id: String,
    pub created: Moment,
    pub expires_at: Moment,
    pub customer: Option<String>,
    pub customer_email: Option<String>,
    pub wanted: Vec<Wanted>,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub client_reference_id: Option<String>,
    pub metadata: Metadata,
    pub subscription_metadata: Metadata,
    pub trial_days: Option<u32>,
    pub without_card: WithoutCard,
    pub allow_promotion_codes: Option<bool>,
    pub billing_address_collection: Option<String>,
    pub locale: Option<String>,
    pub state: CheckoutState,
    /// The card that waits for its holder's confirmation.
    pub unconfirmed: Option<Entry>,
}

/// So many of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub price: String,
    pub quantity: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    Open,
    Complete {
        subscription: String,
        invoice: Option<String>,
    },
    Expired,
}

impl CheckoutSession {
    /// For how long a session can be paid, unless it is said otherwise.
    pub const LIFETIME: i64 = 24 * 3_600;

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == CheckoutState::Open
    }

    #[must_use]
    pub fn status(&self) -> &'static str {
        match self.state {
            CheckoutState::Open => "open",
            CheckoutState::Complete { .. } => "complete",
            CheckoutState::Expired => "expired",
        }
    }

    /// Where to go after paying.
    #[must_use]
    pub fn way_on(&self) -> String {
        self.success_url.replace("{CHECKOUT_SESSION_ID}", &self.id)
    }
}

/// A visit to the portal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PortalSession {
    pub id: String,
    pub created: Moment,
    pub customer: String,
    pub return_url: Option<String>,
    /// What the visit is for, if it is for one thing: `payment_method_update`
    /// or `subscription_cancel`.
    pub flow: Option<String>,
    /// The subscription that the flow is about.
    pub subscription: Option<String>,
    pub locale: Option<String>,
}
