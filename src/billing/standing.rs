//! What the state of a subscription means for its organization.

use serde::{Deserialize, Serialize};

/// Where a subscription stands: Stripe's eight statuses, and none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
    sea_orm(
        rs_type = "String",
        db_type = "Text",
        rename_all = "SCREAMING_SNAKE_CASE"
    )
)]
pub enum SubscriptionStatus {
    /// The organization never subscribed, or chose to go on without.
    None,
    Active,
    Trialing,
    Incomplete,
    IncompleteExpired,
    PastDue,
    Canceled,
    Unpaid,
    Paused,
}

/// How an organization may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As its plan says.
    Good,
    /// A payment is overdue: everything works still, and everyone is told.
    Grace,
    /// The subscription ended: an owner takes another, or goes on with Free.
    Lapsed,
    /// Nothing was paid for too long: there is no way round but paying.
    Suspended,
}

impl SubscriptionStatus {
    pub const ALL: [Self; 9] = [
        Self::None,
        Self::Active,
        Self::Trialing,
        Self::Incomplete,
        Self::IncompleteExpired,
        Self::PastDue,
        Self::Canceled,
        Self::Unpaid,
        Self::Paused,
    ];

    #[must_use]
    pub const fn standing(self) -> Standing {
        match self {
            Self::None
            | Self::Active
            | Self::Trialing
            | Self::Incomplete
            | Self::IncompleteExpired => Standing::Good,
            Self::PastDue => Standing::Grace,
            Self::Canceled => Standing::Lapsed,
            Self::Unpaid | Self::Paused => Standing::Suspended,
        }
    }
}

impl Standing {
    /// Its stable name, as it is sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Grace => "grace",
            Self::Lapsed => "lapsed",
            Self::Suspended => "suspended",
        }
    }

    /// Whether all that the plan allows can be used.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Good | Self::Grace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_the_standing_that_the_contract_gives_it() {
        use Standing::{Good, Grace, Lapsed, Suspended};
        let table = [
            (SubscriptionStatus::None, Good, true),
            (SubscriptionStatus::Active, Good, true),
            (SubscriptionStatus::Trialing, Good, true),
            (SubscriptionStatus::Incomplete, Good, true),
            (SubscriptionStatus::IncompleteExpired, Good, true),
            (SubscriptionStatus::PastDue, Grace, true),
            (SubscriptionStatus::Canceled, Lapsed, false),
            (SubscriptionStatus::Unpaid, Suspended, false),
            (SubscriptionStatus::Paused, Suspended, false),
        ];
        assert_eq!(table.map(|(status, ..)| status), SubscriptionStatus::ALL);
        for (status, standing, is_open) in table {
            assert_eq!(status.standing(), standing, "{status:?}");
            assert_eq!(standing.is_open(), is_open, "{status:?}");
        }
    }
}
