//! Places for files on their way in. Each holds some megabytes of memory until
//! the store has taken them, so there are only so many, and nobody has all. Who
//! is slow has one as long as nobody else waits for it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{error::AppError, id::OrgId};

/// How many there are on this node.
const ON_NODE: usize = 32;
/// How many of them an organization has at most.
const OF_ORGANIZATION: usize = 8;
/// How long one is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub struct Places {
    on_node: Arc<Semaphore>,
    /// Of each organization that has one or waits for one.
    of_organizations: Arc<Mutex<HashMap<OrgId, Arc<Semaphore>>>>,
    patience: Duration,
    /// How many wait for one, and not for another of their organization.
    waiting: Arc<AtomicUsize>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    waiting: Arc<AtomicUsize>,
    _of_organization: OwnedSemaphorePermit,
    _on_node: OwnedSemaphorePermit,
}

impl Place {
    /// Tells whether somebody else waits for a place.
    pub fn is_wanted(&self) -> impl Fn() -> bool + Send + 'static {
        let waiting = Arc::clone(&self.waiting);
        move || waiting.load(Ordering::Relaxed) > 0
    }
}

/// Somebody who waits, until it is dropped.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn begin(waiting: &Arc<AtomicUsize>) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(waiting))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Default for Places {
    fn default() -> Self {
        Self {
            on_node: Arc::new(Semaphore::new(ON_NODE)),
            of_organizations: Arc::default(),
            patience: PATIENCE,
            waiting: Arc::default(),
        }
    }
}

impl Places {
    /// Waits for a place. Whoever waits for one of the organization's stands in
    /// no other organization's way.
    ///
    /// # Errors
    /// `Busy` if there is none for long.
    pub async fn take(&self, organization: OrgId) -> Result<Place, AppError> {
        let of_organization = self.of(organization);
        let taking = async {
            let of_organization = of_organization.acquire_owned().await.ok()?;
            let _waiting = Waiting::begin(&self.waiting);
            let on_node = Arc::clone(&self.on_node).acquire_owned().await.ok()?;
            Some(Place {
                waiting: Arc::clone(&self.waiting),
                _of_organization: of_organization,
                _on_node: on_node,
            })
        };
        timeout(self.patience, taking)
            .await
            .ok()
            .flatten()
            .ok_or(AppError::Busy)
    }

    fn of(&self, organization: OrgId) -> Arc<Semaphore> {
        let mut all = self
            .of_organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, places| Arc::strong_count(places) > 1);
        let places = all.entry(organization);
        Arc::clone(places.or_insert_with(|| Arc::new(Semaphore::new(OF_ORGANIZATION))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_takes_all_of_them() {
        let places = Places {
            patience: Duration::from_millis(50),
            ..Places::default()
        };
        let greedy = OrgId::generate();
        let mut taken = Vec::new();
        for _ in 0..OF_ORGANIZATION {
            taken.push(places.take(greedy).await.unwrap());
        }
        assert_eq!(places.take(greedy).await.unwrap_err(), AppError::Busy);
        while taken.len() < ON_NODE {
            taken.push(places.take(OrgId::generate()).await.unwrap());
        }
        let is_wanted = taken[0].is_wanted();
        assert!(!is_wanted(), "the greedy one stood in its own way only");
        let (_, wanted) = tokio::join!(places.take(OrgId::generate()), async {
            tokio::time::sleep(places.patience / 2).await;
            is_wanted()
        });
        assert!(wanted);
        let others = places.take(OrgId::generate()).await;
        assert_eq!(others.unwrap_err(), AppError::Busy);
        drop(taken);
        let again = places.take(greedy).await.unwrap();
        let known = || places.of_organizations.lock().unwrap().len();
        assert_eq!(known(), 1, "the others are forgotten");
        drop(again);
    }
}
