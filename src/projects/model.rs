//! What people type about a project, and what they are shown of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    audit::model::ProjectText, error::AppError, id::ProjectId, organizations::model::Usage,
    paging::Place, validate::Checks,
};

mod artifact;
mod deployment;
mod environment;
mod web_address;

pub use artifact::{ARTIFACT_MAX, ARTIFACT_NAME_MAX, ArtifactCard, artifact_name, artifact_type};
pub use deployment::{
    CreatedBy, DeploymentCard, DeploymentChange, DeploymentPage, DeploymentQuery, DeploymentStatus,
    DeploymentText, GIT_REF_MAX, MESSAGE_MAX, MOVES_TOLD, Moved, NewDeployment,
};
pub use environment::{EnvironmentCard, NewEnvironment, PRODUCTION};
pub use web_address::URL_MAX;

pub const NAME_MAX: usize = 64;
pub const DESCRIPTION_MAX: usize = 500;
/// How many projects a page of the list holds.
pub const PAGE_SIZE: u64 = 25;
/// The longest search that is looked for, in characters.
pub const SEARCH_MAX: usize = 64;

/// A project as it was typed, new or changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewProject {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
}

impl NewProject {
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(&self) -> Result<ProjectText, AppError> {
        let mut checks = Checks::default();
        let name = checks.line("new[name]", &self.name, 1, NAME_MAX);
        let description = checks.lines("new[description]", &self.description, DESCRIPTION_MAX);
        checks.done()?;
        Ok(ProjectText { name, description })
    }
}

/// What is to be changed about a project; what isn't named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectChange {
    pub name: Option<String>,
    pub description: Option<String>,
}

impl ProjectChange {
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(self) -> Result<Self, AppError> {
        let mut checks = Checks::default();
        let name = self
            .name
            .map(|name| checks.line("new[name]", &name, 1, NAME_MAX));
        let description = self
            .description
            .map(|text| checks.lines("new[description]", &text, DESCRIPTION_MAX));
        checks.done()?;
        Ok(Self { name, description })
    }

    /// With what stays.
    #[must_use]
    pub fn of(self, before: &ProjectText) -> ProjectText {
        ProjectText {
            name: self.name.unwrap_or_else(|| before.name.clone()),
            description: self
                .description
                .unwrap_or_else(|| before.description.clone()),
        }
    }
}

impl From<ProjectText> for ProjectChange {
    fn from(text: ProjectText) -> Self {
        Self {
            name: Some(text.name),
            description: Some(text.description),
        }
    }
}

/// A project in a list or on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::DerivePartialModel, utoipa::ToSchema),
    sea_orm(entity = "crate::entity::project::Entity"),
    schema(as = Project)
)]
pub struct ProjectCard {
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "prj_01h455vb4pex5vsknk084sn02q"))]
    pub id: ProjectId,
    #[cfg_attr(feature = "ssr", schema(example = "Storefront"))]
    pub name: String,
    pub description: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A project on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    pub project: ProjectCard,
    pub environments: Vec<EnvironmentRow>,
    pub deployments: DeploymentPage,
    /// Where the program is reached: `https://atrium.example`.
    pub origin: String,
}

impl ProjectView {
    /// When the last of those that it shows moved, in microseconds of Unix time.
    #[must_use]
    pub fn newest_move(&self) -> i64 {
        let latest = self
            .environments
            .iter()
            .filter_map(|row| row.latest.as_ref());
        let shown = latest.chain(&self.deployments.rows);
        let moved = shown.map(|row| row.updated_at.timestamp_micros());
        moved.max().unwrap_or_default()
    }
}

/// An environment, with what was deployed to it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentRow {
    pub environment: EnvironmentCard,
    pub latest: Option<DeploymentCard>,
}

/// A project, to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSettings {
    pub project: ProjectCard,
    pub environments: Vec<EnvironmentCard>,
    /// How many environments a project may have.
    pub usage: Usage,
}

/// What can be deployed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentForm {
    pub project: ProjectCard,
    pub environments: Vec<EnvironmentCard>,
}

/// A deployment on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentView {
    pub project: ProjectCard,
    pub deployment: DeploymentCard,
    /// In bytes, uploads under way included.
    pub storage: Usage,
    /// When it was read.
    pub now: DateTime<Utc>,
}

/// What is asked of the list, as it stands in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectQuery {
    /// What to look for in the names.
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub place: Place<ProjectId>,
}

/// A page of the list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPage {
    pub rows: Vec<ProjectCard>,
    /// Pages after it, if there are older ones.
    pub older: Option<ProjectId>,
    /// Pages before it, if there are newer ones.
    pub newer: Option<ProjectId>,
    /// How many there are in all that fit the search.
    pub total: u64,
    /// When it was read.
    pub now: DateTime<Utc>,
}

/// What a search looks for: folded, in one line, and not too long.
#[must_use]
pub fn search_key(q: &str) -> String {
    q.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(SEARCH_MAX)
        .flat_map(char::to_lowercase)
        .collect()
}
