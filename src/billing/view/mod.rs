//! The pages of billing, and the plans as they are compared anywhere.

mod attention;
mod change;
mod current;
mod invoices;
mod page;
mod plans;
mod waiting;

pub use change::ChangePlanPage;
pub use page::BillingPage;
pub use plans::{Comparison, PlanCards};
pub use waiting::AWAIT_PLAN;
