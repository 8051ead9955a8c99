//! What can be bought.

use serde::{Deserialize, Serialize};

use super::{Books, Metadata};
use crate::sandbox::moment::{self, Moment};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Product {
    pub id: String,
    pub created: Moment,
    pub name: String,
    pub description: Option<String>,
    pub is_active: bool,
    pub metadata: Metadata,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Price {
    pub id: String,
    pub created: Moment,
    pub product: String,
    pub currency: String,
    /// In cents, for one.
    pub amount: i64,
    pub every: Every,
    pub lookup_key: Option<String>,
    pub nickname: Option<String>,
    pub is_active: bool,
    pub metadata: Metadata,
}

/// How often it is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Every {
    pub interval: Interval,
    pub count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    Day,
    Week,
    Month,
    Year,
}

impl Interval {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Day, Self::Week, Self::Month, Self::Year]
            .into_iter()
            .find(|interval| interval.name() == name)
    }
}

impl Every {
    pub const MONTH: Self = Self {
        interval: Interval::Month,
        count: 1,
    };

    /// So many periods after the day by which they are counted.
    #[must_use]
    pub fn after(self, anchor: Moment, periods: u32) -> Moment {
        let times = self.count.saturating_mul(periods);
        match self.interval {
            Interval::Day => anchor + moment::DAY * i64::from(times),
            Interval::Week => anchor + 7 * moment::DAY * i64::from(times),
            Interval::Month => moment::months_later(anchor, times),
            Interval::Year => moment::months_later(anchor, times.saturating_mul(12)),
        }
    }
}

impl Books {
    /// Puts up what is for sale from the first day on.
    pub(super) fn stock(&mut self) {
        let wares = [
            ("starter", "Starter", 2_900),
            ("pro", "Professional", 9_900),
            ("enterprise", "Enterprise", 49_900),
        ];
        for (key, name, amount) in wares {
            let product = Product {
                id: format!("prod_sandbox_{key}"),
                created: self.now,
                name: name.to_owned(),
                description: None,
                is_active: true,
                metadata: Metadata::new(),
            };
            let price = Price {
                id: format!("price_sandbox_{key}"),
                created: self.now,
                product: product.id.clone(),
                currency: "usd".to_owned(),
                amount,
                every: Every::MONTH,
                lookup_key: Some(format!("atrium_{key}")),
                nickname: None,
                is_active: true,
                metadata: Metadata::new(),
            };
            self.products.insert(product.id.clone(), product);
            self.prices.insert(price.id.clone(), price);
        }
    }
}
