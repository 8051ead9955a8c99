//! Stretches of time, and what is counted in each.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How long the stretches are that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
    sea_orm(rs_type = "i32", db_type = "Integer")
)]
pub enum Grain {
    #[cfg_attr(feature = "ssr", sea_orm(num_value = 60))]
    Minute,
    #[cfg_attr(feature = "ssr", sea_orm(num_value = 3600))]
    Hour,
    #[cfg_attr(feature = "ssr", sea_orm(num_value = 86400))]
    Day,
}

impl Grain {
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3600,
            Self::Day => 86_400,
        }
    }

    /// The second, in Unix time, at which the stretch begins that a moment is in.
    #[must_use]
    pub fn start_of(self, at: DateTime<Utc>) -> i64 {
        let second = at.timestamp();
        second - second.rem_euclid(self.seconds())
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")
)]
pub enum Measure {
    /// Rows of the audit log, by action.
    Event,
    /// Deployments that were made, by project.
    Deployment,
    /// Calls of the API that were let through.
    ApiCall,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_begins_at_a_multiple_of_its_length() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let moment = at("2026-11-24T05:37:59.999Z");
        for (grain, start) in [
            (Grain::Minute, "2026-11-24T05:37:00Z"),
            (Grain::Hour, "2026-11-24T05:00:00Z"),
            (Grain::Day, "2026-11-24T00:00:00Z"),
        ] {
            assert_eq!(grain.start_of(moment), at(start).timestamp());
            assert_eq!(grain.start_of(at(start)), at(start).timestamp());
        }
    }
}
