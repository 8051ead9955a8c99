use std::{ops::Deref, sync::Arc};

use tokio::sync::Notify;

use super::{
    clock::Clock, config::Config, database::Database, hash::Hasher, live::Hub, mail::Mailer,
    meter::Meter, places::Places, presence::Presence, store::Store, stripe::Stripe,
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
    /// Where those are who watch what is committed.
    pub live: Hub,
    /// Who is there.
    pub presence: Presence,
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
            live: db.live().clone(),
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
            presence: Presence::default(),
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
