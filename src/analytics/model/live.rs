//! What goes on now, as the stream tells it.

use serde::{Deserialize, Serialize};

use super::{ByAction, Series};

/// How many minutes are told one by one: the last hour, and the one before it.
pub const MINUTES: u16 = 120;
/// How many projects are named in a stretch at most.
pub const PROJECTS_TOLD: usize = 30;
/// How many projects are at the top.
pub const TOP: usize = 5;

/// The state of an organization at a moment: the stream's default event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Live {
    /// Distinct people who read or did something in the last five minutes.
    pub current_users: u64,
    /// Some of them, in an order that stays.
    pub people: Vec<Present>,
    /// How often each action happened in the last sixty minutes, the one under
    /// way included.
    pub events_last_hour: ByAction,
    /// By deployments in the same time, five at most.
    pub top_projects: Vec<Deployed>,
    /// In the last sixty seconds.
    pub api_calls_per_minute: u64,
    /// When that was, as RFC 3339 has it.
    pub timestamp: String,
    /// The same in seconds of Unix time.
    pub now: i64,
    /// The last two hours, minute by minute.
    pub minutes: Minutes,
    /// The hour that is under way.
    pub hour: Stretch,
    /// The day that is under way, in UTC.
    pub day: Stretch,
    /// How many projects there are.
    pub projects: u64,
    /// What was done last to what all members see, newest first.
    pub feed: Vec<Happening>,
}

/// Somebody who is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// A user's.
    pub id: String,
    pub name: String,
}

/// A project, and how often it was deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// A project's.
    pub id: String,
    pub name: String,
    pub deployments: u64,
}

/// Minute by minute, oldest first; the last one is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// When the first one begins, in seconds of Unix time.
    pub start: i64,
    pub counts: Series,
}

/// A stretch of time that is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stretch {
    /// When it begins, in seconds of Unix time.
    pub start: i64,
    /// By action.
    pub events: ByAction,
    /// By project, those that were deployed most.
    pub projects: Vec<Deployed>,
    pub deployments: u64,
    pub api_calls: u64,
}

/// Something that somebody did to something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Happening {
    pub who: String,
    /// What was done, in words.
    pub did: String,
    /// What to, as it was called then.
    pub what: Option<String>,
    /// Where that is, below the organization's own address; nothing if it is
    /// gone.
    pub path: Option<String>,
    /// When, as RFC 3339 has it.
    pub at: String,
    /// The same in seconds of Unix time.
    pub at_second: i64,
}
