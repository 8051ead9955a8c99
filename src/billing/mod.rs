//! What an organization pays for, and what it gets for that.

pub mod entitlements;
pub mod plan;
pub mod standing;

pub use entitlements::Entitlements;
pub use plan::{Feature, Limit, Plan, Quota};
pub use standing::{Standing, SubscriptionStatus};
