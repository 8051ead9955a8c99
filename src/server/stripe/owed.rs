//! What Stripe has to be told once a transaction is committed, and is told
//! until it has heard it: where people's money is, nothing is given up.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Refused, Stripe};
use crate::{
    error::AppError,
    server::{
        outbox::{self, Undelivered},
        services::Services,
    },
};

/// How long it may take: less than the outbox waits, which would count the try.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "stripe", rename_all = "snake_case")]
pub enum Owed {
    /// The organization of that customer is gone: nothing is paid any more.
    End { customer: String },
    /// It was paid for beside another: it ends, and its money goes back.
    GiveBack { subscription: String },
}

impl outbox::Effect for Owed {}

impl Owed {
    /// # Errors
    /// If Stripe can't be reached, or won't; it is tried again then.
    pub async fn carry_out(self, services: &Services) -> Result<(), Undelivered> {
        let Some(stripe) = &services.stripe else {
            // Whoever took the keys away may bring them back.
            return Err(Undelivered::Still(AppError::StripeUnavailable));
        };
        let done = tokio::time::timeout(PATIENCE, async {
            match &self {
                Self::End { customer } => end(stripe, customer).await,
                Self::GiveBack { subscription } => give_back(stripe, subscription).await,
            }
        });
        let done = done.await.unwrap_or(Err(Refused::Unreachable));
        done.map_err(|refused| Undelivered::Still(refused.into()))
    }
}

async fn end(stripe: &Stripe, customer: &str) -> Result<(), Refused> {
    match stripe.close_checkouts(customer).await {
        // The customer was deleted, and all subscriptions with it.
        Err(Refused::Missing) => return Ok(()),
        closed => closed?,
    }
    for found in stripe.subscriptions(customer).await? {
        if !found.subscription.is_over() {
            stripe.cancel(&found.subscription.id).await?;
        }
    }
    Ok(())
}

async fn give_back(stripe: &Stripe, subscription: &str) -> Result<(), Refused> {
    let found = match stripe.subscription(subscription).await {
        Err(Refused::Missing) => return Ok(()),
        found => found?,
    };
    if !found.subscription.is_over() {
        stripe.cancel(subscription).await?;
    }
    match &found.latest_invoice {
        Some(invoice) => stripe.refund(invoice).await,
        None => Ok(()),
    }
}
