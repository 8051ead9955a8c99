//! The pages of projects.

mod create;
mod detail;
mod list;

pub use create::NewProjectPage;
pub use detail::ProjectPage;
pub use list::ProjectsPage;
