//! The pages of projects, their environments and their deployments.

mod create;
mod deploy;
mod deployment;
mod deployments;
mod detail;
mod list;
mod live;
mod settings;
pub mod snippet;
mod status;

pub use create::NewProjectPage;
pub use deploy::NewDeploymentPage;
pub use deployment::DeploymentPage;
pub use detail::ProjectPage;
pub use list::ProjectsPage;
pub use live::MOVES;
pub use settings::ProjectSettingsPage;
