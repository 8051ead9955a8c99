//! What people type about a key, and what they are shown of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    access::{KeyScope, KeyScopes},
    error::{AppError, Problem},
    id::{ApiKeyId, ProjectId},
    validate::Checks,
};

pub const NAME_MAX: usize = 64;

/// How long a key may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifetime {
    Month,
    #[default]
    Quarter,
    Year,
    Unlimited,
}

impl Lifetime {
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::Unlimited];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Unlimited => "unlimited",
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Month => "30 days",
            Self::Quarter => "90 days",
            Self::Year => "1 year",
            Self::Unlimited => "No expiry",
        }
    }

    #[must_use]
    pub const fn length(self) -> Option<TimeDelta> {
        match self {
            Self::Month => Some(TimeDelta::days(30)),
            Self::Quarter => Some(TimeDelta::days(90)),
            Self::Year => Some(TimeDelta::days(365)),
            Self::Unlimited => None,
        }
    }
}

/// How long a key goes on once another has taken its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    None,
    Hour,
    #[default]
    Day,
    Week,
}

impl Overlap {
    pub const ALL: [Self; 4] = [Self::None, Self::Hour, Self::Day, Self::Week];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "At once",
            Self::Hour => "In an hour",
            Self::Day => "In a day",
            Self::Week => "In a week",
        }
    }

    #[must_use]
    pub const fn length(self) -> TimeDelta {
        match self {
            Self::None => TimeDelta::zero(),
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::days(1),
            Self::Week => TimeDelta::weeks(1),
        }
    }
}

/// A key as it was asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewKey {
    #[serde(default)]
    pub name: String,
    /// Each scope is a box that was ticked.
    #[serde(default)]
    pub read: bool,
    #[serde(default)]
    pub write: bool,
    #[serde(default)]
    pub deploy: bool,
    #[serde(default)]
    pub lifetime: Lifetime,
}

/// A key that can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlan {
    pub name: String,
    pub scopes: KeyScopes,
    pub lifetime: Lifetime,
}

impl NewKey {
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(&self) -> Result<KeyPlan, AppError> {
        let mut checks = Checks::default();
        let name = checks.line("new[name]", &self.name, 1, NAME_MAX);
        let ticked = [
            (self.read, KeyScope::Read),
            (self.write, KeyScope::Write),
            (self.deploy, KeyScope::Deploy),
        ];
        let ticked = ticked.into_iter().filter(|(is_ticked, _)| *is_ticked);
        let scopes = KeyScopes::of(ticked.map(|(_, scope)| scope));
        if scopes.is_empty() {
            checks.fail("new[scopes]", Problem::NothingChosen);
        }
        checks.done()?;
        Ok(KeyPlan {
            name,
            scopes,
            lifetime: self.lifetime,
        })
    }
}

/// A key in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    pub id: ApiKeyId,
    pub name: String,
    pub prefix: String,
    pub last_four: String,
    pub scopes: KeyScopes,
    /// Who made it, if they are a member still. A key of somebody who isn't
    /// does nothing any more.
    pub creator: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether another took its place; it goes on for a while.
    pub is_replaced: bool,
}

/// What the page of the keys shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Those that hold, the newest first.
    pub rows: Vec<KeyRow>,
    /// Where the program is reached: `https://atrium.example`.
    pub origin: String,
    /// A project that the example on the page can deploy.
    pub example: Option<ProjectId>,
    /// When it was read.
    pub now: DateTime<Utc>,
}
