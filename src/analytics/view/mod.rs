//! The overview of an organization.

mod dashboard;
mod feed;
mod figures;
mod history;
mod page;
mod rankings;
mod read;
mod state;
mod steps;

pub use dashboard::{DASHBOARD, FIRST_PROJECT};
pub use page::OverviewPage;
pub use steps::FIRST_STEPS;
