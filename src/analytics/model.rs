//! What the overview of an organization shows.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{billing::Quota, organizations::model::Usage, projects::model::ProjectCard};

/// For how many days back the overview counts at most.
const DAYS: u64 = 14;

/// What of the past the overview shows: nothing that is older than the plan
/// keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub days: u64,
    /// Whether as many days before can be compared with them.
    pub is_compared: bool,
}

impl Window {
    #[must_use]
    pub fn of(kept: Quota) -> Self {
        let kept = match kept {
            Quota::Limited(days) => days,
            Quota::Unlimited => u64::MAX,
        };
        Self {
            days: DAYS.min(kept),
            is_compared: 2 * DAYS <= kept,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub projects: Usage,
    pub members: Usage,
    /// Changes to the organization on each of the last days, oldest first.
    pub changes: Vec<DayCount>,
    /// Changes in as many days before those, if the plan keeps them.
    pub changes_before: Option<u64>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::{Limit, Plan};

    #[test]
    fn nothing_older_than_the_plan_keeps_is_shown() {
        for (plan, days, is_compared) in [
            (Plan::Free, 7, false),
            (Plan::Starter, 14, true),
            (Plan::Enterprise, 14, true),
        ] {
            let window = Window { days, is_compared };
            assert_eq!(Window::of(plan.quota(Limit::AnalyticsDays)), window);
        }
    }
}
