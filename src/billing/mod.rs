//! What an organization pays for, and what it gets for that.

pub mod plan;

pub use plan::{Limit, Plan, Quota};
