//! The pages of a team.

mod danger;
mod invitation;
mod members;
mod roles;
mod row;

pub use danger::DangerPage;
pub use invitation::InvitationPage;
pub use members::MembersPage;
