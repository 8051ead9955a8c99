//! What plans cost, as Stripe has it. Pages show it to anyone, so it is asked
//! for seldom, and an old answer is better than none.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use stripe_product::price::RetrievePrice;

use super::{Price, Stripe};
use crate::billing::Plan;

/// For how long an answer is taken to be right.
const FRESH: Duration = Duration::from_secs(600);
/// How long a page for anyone waits for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it is done without, once Stripe didn't answer.
const LEFT_ALONE: Duration = Duration::from_secs(15);

#[derive(Clone, Debug, Default)]
pub(super) struct PriceCache(Arc<Mutex<HashMap<Plan, Known>>>);

#[derive(Clone, Debug)]
struct Known {
    price: Option<Price>,
    until: Instant,
}

impl PriceCache {
    fn get(&self, plan: Plan) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&plan).cloned()
    }

    fn keep(&self, plan: Plan, known: Known) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(plan, known);
    }
}

impl Stripe {
    /// What a plan costs; nothing for one that isn't sold, or while nobody can
    /// say.
    pub async fn price(&self, plan: Plan) -> Option<Price> {
        let id = self.price_id(plan).ok()?;
        let known = self.prices.get(plan);
        if let Some(known) = &known
            && known.until > Instant::now()
        {
            return known.price.clone();
        }
        let request = RetrievePrice::new(id);
        let found = tokio::time::timeout(PATIENCE, self.ask_once(&request, None)).await;
        let known = match found {
            Ok(Ok(price)) => Known {
                price: Some(price),
                until: Instant::now() + FRESH,
            },
            Err(_) | Ok(Err(_)) => Known {
                price: known.and_then(|known| known.price),
                until: Instant::now() + LEFT_ALONE,
            },
        };
        self.prices.keep(plan, known.clone());
        known.price
    }
}
