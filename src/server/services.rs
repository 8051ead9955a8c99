use std::{ops::Deref, sync::Arc};

use tokio::sync::Notify;

use super::{
    clock::Clock, config::Config, database::Database, hash::Hasher, mail::Mailer, meter::Meter,
    places::Places, store::Store, stripe::Stripe,
};

/// What every request and every worker may use, made once at the start.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub db: Database,
    pub clock: Clock,
    pub hasher: Hasher,
    pub mailer: Mailer,
    pub store: Store,
    /// Counts calls of the API.
    pub meter: Meter,
    /// For files on their way in.
    pub places: Places,
    /// Where plans are paid for, if they are.
    pub stripe: Option<Stripe>,
    /// Wakes the worker of the outbox after a commit.
    pub outbox_filled: Notify,
    /// Wakes the worker of Stripe's events after one was stored.
    pub events_stored: Notify,
    /// Wakes whoever waits for an organization's billing to change.
    pub billing_moved: Notify,
}

impl Services {
    #[must_use]
    pub fn new(
        config: Config,
        db: Database,
        clock: Clock,
        hasher: Hasher,
        mailer: Mailer,
        store: Store,
        stripe: Option<Stripe>,
    ) -> Self {
        Self(Arc::new(Parts {
            config,
            db,
            clock,
            hasher,
            mailer,
            store,
            stripe,
            meter: Meter::default(),
            places: Places::default(),
            outbox_filled: Notify::new(),
            events_stored: Notify::new(),
            billing_moved: Notify::new(),
        }))
    }
}

impl Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Services")
    }
}
