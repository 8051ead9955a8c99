//! The plans as data: what each is called, costs and allows.

use serde::{Deserialize, Serialize};

/// What an organization is subscribed to.
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
pub enum Plan {
    Free,
    Starter,
    Pro,
    Enterprise,
}

/// How much of something a plan allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quota {
    Limited(u64),
    Unlimited,
}

/// Something that a plan limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Projects,
    Members,
    ApiCalls,
    StorageBytes,
    EnvironmentsPerProject,
    AnalyticsDays,
    /// Organizations on Free that one person owns; the same on every plan.
    FreeOrganizations,
}

/// A line of the comparison that a plan has or hasn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    CustomDomain,
    Sso,
    AuditLog,
    PrioritySupport,
    Sla,
}

/// What a plan costs a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// Whole US dollars a month.
    Usd(u32),
    Custom,
}

/// How many organizations on Free one person may own.
pub const FREE_ORGANIZATIONS_PER_OWNER: u64 = 10;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

impl Plan {
    pub const ALL: [Self; 4] = [Self::Free, Self::Starter, Self::Pro, Self::Enterprise];

    /// The plan's name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Starter => "Starter",
            Self::Pro => "Professional",
            Self::Enterprise => "Enterprise",
        }
    }

    /// The plan's stable name, as it is stored and sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "FREE",
            Self::Starter => "STARTER",
            Self::Pro => "PRO",
            Self::Enterprise => "ENTERPRISE",
        }
    }

    #[must_use]
    pub const fn price(self) -> Price {
        match self {
            Self::Free => Price::Usd(0),
            Self::Starter => Price::Usd(29),
            Self::Pro => Price::Usd(99),
            Self::Enterprise => Price::Custom,
        }
    }

    #[must_use]
    pub const fn quota(self, limit: Limit) -> Quota {
        use Quota::{Limited, Unlimited};
        let [free, starter, pro, enterprise] = match limit {
            Limit::Projects => [Limited(2), Limited(10), Limited(50), Unlimited],
            Limit::Members => [Limited(1), Limited(5), Limited(20), Unlimited],
            Limit::ApiCalls => [Limited(1_000), Limited(10_000), Limited(100_000), Unlimited],
            Limit::StorageBytes => [
                Limited(100 * MIB),
                Limited(GIB),
                Limited(10 * GIB),
                Unlimited,
            ],
            Limit::EnvironmentsPerProject => [Limited(2), Limited(5), Limited(10), Unlimited],
            Limit::AnalyticsDays => [Limited(7), Limited(30), Limited(90), Limited(365)],
            Limit::FreeOrganizations => [Limited(FREE_ORGANIZATIONS_PER_OWNER); 4],
        };
        match self {
            Self::Free => free,
            Self::Starter => starter,
            Self::Pro => pro,
            Self::Enterprise => enterprise,
        }
    }

    #[must_use]
    pub const fn has(self, feature: Feature) -> bool {
        match feature {
            Feature::CustomDomain | Feature::AuditLog => !matches!(self, Self::Free),
            Feature::Sso | Feature::PrioritySupport => matches!(self, Self::Pro | Self::Enterprise),
            Feature::Sla => matches!(self, Self::Enterprise),
        }
    }

    /// The next plan up, which an upgrade offer names.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Free => Some(Self::Starter),
            Self::Starter => Some(Self::Pro),
            Self::Pro => Some(Self::Enterprise),
            Self::Enterprise => None,
        }
    }
}

impl Feature {
    /// What it is called in a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::CustomDomain => "custom domain",
            Self::Sso => "single sign-on",
            Self::AuditLog => "audit log",
            Self::PrioritySupport => "priority support",
            Self::Sla => "service level agreement",
        }
    }

    /// The lowest plan that has it.
    #[must_use]
    pub fn first_plan(self) -> Plan {
        Plan::ALL
            .into_iter()
            .find(|plan| plan.has(self))
            .unwrap_or(Plan::Enterprise)
    }
}

impl Quota {
    /// Whether one more fits beside that many.
    #[must_use]
    pub const fn admits_one_beside(self, used: u64) -> bool {
        match self {
            Self::Limited(max) => used < max,
            Self::Unlimited => true,
        }
    }

    /// Whether so many more fit beside that many.
    #[must_use]
    pub const fn admits(self, more: u64, used: u64) -> bool {
        match self {
            Self::Limited(max) => used.saturating_add(more) <= max,
            Self::Unlimited => true,
        }
    }
}

impl Limit {
    /// What is counted, in the plural.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Projects => "projects",
            Self::Members => "members",
            Self::ApiCalls => "API calls per month",
            Self::StorageBytes => "bytes of storage",
            Self::EnvironmentsPerProject => "environments per project",
            Self::AnalyticsDays => "days of analytics",
            Self::FreeOrganizations => "organizations on Free",
        }
    }
}

/// An amount of bytes for people, in binary units: `1.5 GiB`.
#[must_use]
pub fn bytes(amount: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(GIB, "GiB"), (MIB, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.into_iter().find(|(size, _)| amount >= *size);
    let Some((size, name)) = unit else {
        return format!("{amount} B");
    };
    let tenths = amount / (size / 10).max(1);
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        rest => format!("{}.{rest} {name}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_plan_allows_less_than_the_one_below_it() {
        let limits = [
            Limit::Projects,
            Limit::Members,
            Limit::ApiCalls,
            Limit::StorageBytes,
            Limit::EnvironmentsPerProject,
            Limit::AnalyticsDays,
        ];
        for limit in limits {
            for pair in Plan::ALL.windows(2) {
                let [lower, higher] = pair else {
                    unreachable!()
                };
                let grows = match (lower.quota(limit), higher.quota(limit)) {
                    (_, Quota::Unlimited) => true,
                    (Quota::Unlimited, Quota::Limited(_)) => false,
                    (Quota::Limited(less), Quota::Limited(more)) => less < more,
                };
                assert!(grows, "{limit:?} from {lower:?} to {higher:?}");
            }
        }
    }

    #[test]
    fn the_last_place_is_given_and_the_one_after_it_is_not() {
        assert!(Plan::Free.quota(Limit::Projects).admits_one_beside(1));
        assert!(!Plan::Free.quota(Limit::Projects).admits_one_beside(2));
        assert!(
            Plan::Enterprise
                .quota(Limit::Projects)
                .admits_one_beside(u64::MAX)
        );
    }

    /// As the contract has it.
    const CONTRACT: &str = "
        shown as                                | Free    | Starter | Professional | Enterprise
        price per month, USD                    | 0       | 29      | 99           | custom
        projects                                | 2       | 10      | 50           | unlimited
        members                                 | 1       | 5       | 20           | unlimited
        API calls per calendar month            | 1000    | 10000   | 100000       | unlimited
        storage                                 | 100 MiB | 1 GiB   | 10 GiB       | unlimited
        environments per project                | 2       | 5       | 10           | unlimited
        analytics kept, days                    | 7       | 30      | 90           | 365
        custom domain                           |         | yes     | yes          | yes
        SSO                                     |         |         | yes          | yes
        audit log                               |         | yes     | yes          | yes
        priority support                        |         |         | yes          | yes
        SLA                                     |         |         |              | yes";

    #[test]
    fn the_plans_are_what_the_contract_says() {
        let amount = |plan: Plan, limit| match plan.quota(limit) {
            Quota::Limited(max) if limit == Limit::StorageBytes => bytes(max),
            Quota::Limited(max) => max.to_string(),
            Quota::Unlimited => "unlimited".to_owned(),
        };
        let feature = |plan: Plan, feature| if plan.has(feature) { "yes" } else { "" }.to_owned();
        let mut lines = 0;
        for line in CONTRACT.lines().filter(|line| !line.trim().is_empty()) {
            let mut cells = line.split('|').map(str::trim);
            let name = cells.next().unwrap();
            for (plan, cell) in Plan::ALL.into_iter().zip(cells) {
                let value = match name {
                    "shown as" => plan.label().to_owned(),
                    "price per month, USD" => match plan.price() {
                        Price::Usd(dollars) => dollars.to_string(),
                        Price::Custom => "custom".to_owned(),
                    },
                    "projects" => amount(plan, Limit::Projects),
                    "members" => amount(plan, Limit::Members),
                    "API calls per calendar month" => amount(plan, Limit::ApiCalls),
                    "storage" => amount(plan, Limit::StorageBytes),
                    "environments per project" => amount(plan, Limit::EnvironmentsPerProject),
                    "analytics kept, days" => amount(plan, Limit::AnalyticsDays),
                    "custom domain" => feature(plan, Feature::CustomDomain),
                    "SSO" => feature(plan, Feature::Sso),
                    "audit log" => feature(plan, Feature::AuditLog),
                    "priority support" => feature(plan, Feature::PrioritySupport),
                    "SLA" => feature(plan, Feature::Sla),
                    other => panic!("{other}"),
                };
                assert_eq!(value, cell, "{name} of {plan:?}");
            }
            lines += 1;
        }
        assert_eq!(lines, 13);
    }

    #[test]
    fn bytes_are_told_in_units_that_fit() {
        for (amount, words) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KiB"),
            (100 * MIB, "100 MiB"),
            (GIB + GIB / 2, "1.5 GiB"),
        ] {
            assert_eq!(bytes(amount), words);
        }
    }
}
