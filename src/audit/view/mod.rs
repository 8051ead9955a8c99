//! The activity of an organization: its audit log.

mod detail;
mod filters;
mod page;

pub use page::ActivityPage;
