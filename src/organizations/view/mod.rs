//! The pages of organizations, and the frame that all pages of one stand in.

mod choose;
mod create;
pub mod frame;
mod limit;
mod menus;
mod out;
mod plan_news;
mod reactivate;
mod section;
mod settings;
mod slug_field;

pub use choose::{LandingPage, PickerPage};
pub use create::CreatePage;
pub use frame::{Crumb, OrgPage, org_page, org_page_in_any_standing};
pub use limit::{LimitReached, amount, more_path};
pub use menus::PLAN_METER;
pub use out::{DeleteDialog, LeaveDialog};
pub use plan_news::PLAN_NEWS;
pub use reactivate::ReactivatePage;
pub use section::Section;
pub use settings::SettingsPage;
