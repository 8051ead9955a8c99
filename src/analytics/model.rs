//! What the overview of an organization shows.

use serde::{Deserialize, Serialize};

mod by_action;
mod grain;
mod history;
mod live;
mod range;

pub use by_action::ByAction;
pub use grain::{Grain, Measure};
pub use history::{History, Metric, Series, Shown, top};
pub use live::{Deployed, Happening, Live, MINUTES, Minutes, PROJECTS_TOLD, Present, Stretch, TOP};
pub use range::Range;

/// The overview as it is when it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub history: History,
    pub live: Live,
    /// What the plan can show.
    pub ranges: Vec<Range>,
    pub checklist: Option<Checklist>,
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
