//! The pages of organizations, and the frame that all pages of one stand in.

mod choose;
mod create;
pub mod frame;
mod limit;
mod menus;
mod out;
mod reactivate;
mod settings;
mod slug_field;

pub use choose::{LandingPage, PickerPage};
pub use create::CreatePage;
pub use frame::{Crumb, OrgPage, Section, org_page};
pub use limit::{LimitReached, amount};
pub use out::{DeleteDialog, LeaveDialog};
pub use reactivate::ReactivatePage;
pub use settings::SettingsPage;
