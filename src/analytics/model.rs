//! What the overview of an organization shows.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{organizations::model::Usage, projects::model::ProjectCard};

/// For how many days back the overview counts.
pub const DAYS: usize = 14;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub projects: Usage,
    pub members: Usage,
    /// Changes to the organization on each of the last days, oldest first.
    pub changes: Vec<DayCount>,
    /// Changes in as many days before those.
    pub changes_before: u64,
    /// Distinct people who changed something in those days.
    pub people: u64,
    pub newest: Vec<ProjectCard>,
    pub checklist: Option<Checklist>,
    pub now: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// In UTC.
    pub day: NaiveDate,
    pub count: u64,
}

/// First steps, computed from what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub has_image: bool,
    pub has_teammate: bool,
    pub has_project: bool,
    pub has_key: bool,
    pub has_deployment: bool,
}

impl Overview {
    #[must_use]
    pub fn changes_in_all(&self) -> u64 {
        self.changes.iter().map(|day| day.count).sum()
    }
}
