//! The work in the background of a node.

use std::{pin::Pin, time::Duration};

use serde::Deserialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    billing::server::{letters::BillingLetter, work},
    error::AppError,
    identity::server::{browsers, letters::Correspondence, sessions, sign_up, tokens},
    server::{
        live::nodes,
        outbox::{self, Owed, Undelivered},
        presence,
        services::Services,
        store::Removal,
        stripe::Owed as OwedToStripe,
        throttle,
    },
    team::server::letters::TeamLetter,
    usage::server::{letters::UsageLetter, retention},
};

const CLEANING_PERIOD: Duration = Duration::from_secs(3600);
const SWEEPING_PERIOD: Duration = Duration::from_secs(60);

/// Starts all workers; they end when told to, with what they have begun done.
/// The other nodes are told of what happens here until the last request is
/// answered.
#[must_use]
pub fn start(
    services: &Services,
    stop: &CancellationToken,
    answered: &CancellationToken,
) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(outbox::work(services.clone(), deliver, stop.clone()));
    workers.spawn(work::work(services.clone(), stop.clone()));
    workers.spawn(nodes::work(services.clone(), answered.clone()));
    workers.spawn(presence::work(services.clone(), stop.clone()));
    workers.spawn(clean(services.clone(), stop.clone()));
    workers.spawn(sweep(services.clone(), stop.clone()));
    workers
}

/// Makes an effect of the outbox happen, whichever slice it is of.
///
/// # Errors
/// What keeps it from happening.
pub fn deliver(
    services: Services,
    owed: Owed,
) -> Pin<Box<dyn Future<Output = Result<(), Undelivered>> + Send>> {
    Box::pin(async move {
        match serde_json::from_value(owed.effect).map_err(|error| AppError::internal(&error))? {
            Effect::Account(letter) => letter.send(&services, owed.since).await,
            Effect::Team(letter) => letter.send(&services).await,
            Effect::Usage(letter) => letter.send(&services, owed.since).await,
            Effect::Billing(letter) => letter.send(&services).await,
            Effect::Stripe(owed) => owed.carry_out(&services).await,
            Effect::Removal(removal) => removal.carry_out(&services).await,
        }
    })
}

/// All that can be owed; each slice's effects have names of their own.
#[derive(Deserialize)]
#[serde(untagged)]
enum Effect {
    Account(Correspondence),
    Team(TeamLetter),
    Usage(UsageLetter),
    Billing(BillingLetter),
    Stripe(OwedToStripe),
    Removal(Removal),
}

/// Takes back what a crash left behind, wherever it was.
async fn sweep(services: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if retention::take_back_lost_uploads(&services).await.is_err() {
            tracing::warn!("lost uploads are left for the next time");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(SWEEPING_PERIOD) => {}
        }
    }
}

async fn clean(services: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let cleaned = async {
            sessions::delete_expired(&services).await?;
            tokens::delete_expired(&services).await?;
            sign_up::delete_unconfirmed(&services).await?;
            browsers::delete_unseen(&services).await?;
            outbox::delete_given_up(&services).await?;
            work::delete_old(&services).await?;
            retention::delete_old(&services).await?;
            throttle::delete_forgotten(&services).await
        };
        if cleaned.await.is_err() {
            tracing::warn!("what has expired is left for the next time");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(CLEANING_PERIOD) => {}
        }
    }
}
