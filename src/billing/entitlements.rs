//! What an organization may use: the one answer, for pages, the API and
//! workers alike.

use super::{Feature, Limit, Plan, Quota, Standing, SubscriptionStatus};

/// What an organization may use, as it is subscribed and stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entitlements {
    plan: Plan,
}

impl Entitlements {
    /// A subscription that ended gives what Free gives; one that isn't paid
    /// keeps its plan's limits, within which nothing can be done.
    #[must_use]
    pub const fn of(plan: Plan, status: SubscriptionStatus) -> Self {
        let plan = match status.standing() {
            Standing::Lapsed => Plan::Free,
            Standing::Good | Standing::Grace | Standing::Suspended => plan,
        };
        Self { plan }
    }

    /// The plan that it comes down to.
    #[must_use]
    pub const fn plan(&self) -> Plan {
        self.plan
    }

    #[must_use]
    pub const fn quota(&self, limit: Limit) -> Quota {
        self.plan.quota(limit)
    }

    #[must_use]
    pub const fn has(&self, feature: Feature) -> bool {
        self.plan.has(feature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_subscription_that_ended_gives_less_than_its_plan() {
        for plan in Plan::ALL {
            for status in SubscriptionStatus::ALL {
                let expected = match status {
                    SubscriptionStatus::Canceled => Plan::Free,
                    _ => plan,
                };
                assert_eq!(Entitlements::of(plan, status).plan(), expected);
            }
        }
    }
}
