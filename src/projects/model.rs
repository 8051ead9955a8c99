//! What people type about a project, and what they are shown of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    audit::model::ProjectText, error::AppError, id::ProjectId, paging::Place, validate::Checks,
};

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

/// A project in a list or on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::DerivePartialModel),
    sea_orm(entity = "crate::entity::project::Entity")
)]
pub struct ProjectCard {
    pub id: ProjectId,
    pub name: String,
    pub description: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A project on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    pub project: ProjectCard,
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
