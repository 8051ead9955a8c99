//! What an organization pays for, and what it gets for that.

pub mod change;
pub mod entitlements;
pub mod money;
pub mod plan;
pub mod standing;

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod server;
pub mod view;

pub use change::BillingChange;
pub use entitlements::Entitlements;
pub use money::Money;
pub use plan::{Feature, Limit, Plan, Quota};
pub use standing::{Standing, SubscriptionStatus};
