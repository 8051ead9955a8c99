//! Counts that have to be right and can't wait in line: whoever asks for the
//! same organization at the same moment is counted in one transaction. One
//! claim is under way for each at a time, and all who come meanwhile make up
//! the next. Nothing is counted ahead, so nothing is lost with a crash.

use std::{
    collections::{HashMap, hash_map::Entry},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;
use tracing::Instrument;

use crate::{error::AppError, id::OrgId};

/// How one of those who asked fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It was counted, as the how-many-th.
    As(u64),
    /// No more than so many are let through.
    Refused { max: u64 },
}

/// What became of a claim for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// How many of them were counted: the first ones.
    pub granted: u64,
    /// How many had been counted before.
    pub before: u64,
    /// How many there may be, if that has an end.
    pub max: Option<u64>,
}

type Asking = oneshot::Sender<Result<Counted, AppError>>;
type Lines = HashMap<OrgId, Vec<Asking>>;

#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Lines>>);

/// The one who claims for an organization. When it is gone, the next who asks
/// takes its place, and whoever still waits is told.
struct Claimant {
    meter: Meter,
    organization: OrgId,
    /// Whether the line was closed in order, and may be another's by now.
    is_done: bool,
}

impl Meter {
    /// Counts one, by a claim that counts as many as it is told to and can.
    ///
    /// # Errors
    /// What the claim failed with; nothing was counted then.
    pub async fn count<F, Fut>(&self, organization: OrgId, claim: F) -> Result<Counted, AppError>
    where
        F: Fn(u64) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Claimed, AppError>> + Send,
    {
        let (asking, answer) = oneshot::channel();
        let is_first = match self.lines().entry(organization) {
            Entry::Occupied(mut line) => {
                line.get_mut().push(asking);
                false
            }
            Entry::Vacant(place) => {
                place.insert(vec![asking]);
                true
            }
        };
        if is_first {
            let claimant = Claimant {
                meter: self.clone(),
                organization,
                is_done: false,
            };
            // Of its own: whoever came first may go before the others.
            tokio::spawn(async move { claimant.work(claim).await }.in_current_span());
        }
        answer.await.unwrap_or(Err(AppError::Unavailable))
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claimant {
    async fn work<F, Fut>(mut self, claim: F)
    where
        F: Fn(u64) -> Fut + Send,
        Fut: Future<Output = Result<Claimed, AppError>> + Send,
    {
        while let Some(mut waiting) = self.next() {
            waiting.retain(|asking| !asking.is_closed());
            if waiting.is_empty() {
                continue;
            }
            let claimed = claim(waiting.len() as u64).await;
            for (place, asking) in (0..).zip(waiting) {
                let _gone = asking.send(claimed.clone().map(|claimed| claimed.of(place)));
            }
        }
    }

    /// All who have asked since; nobody, and the line is closed.
    fn next(&mut self) -> Option<Vec<Asking>> {
        let mut lines = self.meter.lines();
        let waiting = mem::take(lines.get_mut(&self.organization)?);
        if waiting.is_empty() {
            lines.remove(&self.organization);
            self.is_done = true;
            return None;
        }
        Some(waiting)
    }
}

impl Drop for Claimant {
    fn drop(&mut self) {
        // A claim that panicked: who waits is told by the loss of the sender.
        if !self.is_done {
            self.meter.lines().remove(&self.organization);
        }
    }
}

impl Claimed {
    fn of(self, place: u64) -> Counted {
        if place < self.granted {
            Counted::As(self.before + place + 1)
        } else {
            Counted::Refused {
                max: self.max.unwrap_or_default(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A claim that lets so many through in all, and notes how often it ran.
    #[derive(Clone, Default)]
    struct Count(Arc<AtomicU64>, Arc<AtomicU64>);

    impl Count {
        async fn claim(self, asked: u64, max: u64) -> Result<Claimed, AppError> {
            self.1.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            let before = self.0.load(Ordering::SeqCst);
            let granted = asked.min(max - before);
            self.0.store(before + granted, Ordering::SeqCst);
            Ok(Claimed {
                granted,
                before,
                max: Some(max),
            })
        }
    }

    #[tokio::test]
    async fn many_at_once_are_counted_together_and_none_beyond_the_limit() {
        let (meter, count) = (Meter::default(), Count::default());
        let organization = OrgId::generate();
        let all = (0..200).map(|_| {
            let count = count.clone();
            meter.count(organization, move |asked| count.clone().claim(asked, 150))
        });
        let counted = futures_util::future::join_all(all).await;
        let mut places: Vec<u64> = counted
            .iter()
            .filter_map(|counted| match counted {
                Ok(Counted::As(place)) => Some(*place),
                _ => None,
            })
            .collect();
        places.sort_unstable();
        assert_eq!(places, (1..=150).collect::<Vec<_>>());
        assert!(count.1.load(Ordering::SeqCst) < 10, "in few claims");
        assert!(meter.lines().is_empty());
    }

    #[test]
    fn whoever_closed_a_line_leaves_the_next_one_alone() {
        let meter = Meter::default();
        let organization = OrgId::generate();
        let line = |meter: &Meter| meter.lines().insert(organization, Vec::new());
        let claimant = || Claimant {
            meter: meter.clone(),
            organization,
            is_done: false,
        };
        line(&meter);
        let mut first = claimant();
        assert!(
            first.next().is_none(),
            "nobody waits, and it closes its line"
        );
        // Somebody came before it was gone.
        line(&meter);
        drop(first);
        assert!(meter.lines().contains_key(&organization));
        // One that panicked leaves none.
        drop(claimant());
        assert!(meter.lines().is_empty());
    }

    #[tokio::test]
    async fn a_claim_that_fails_or_panics_is_told_and_the_next_goes_on() {
        let meter = Meter::default();
        let organization = OrgId::generate();
        let failed = meter.count(organization, async |_| Err(AppError::Unavailable));
        assert_eq!(failed.await, Err(AppError::Unavailable));
        let panicked = meter.count(organization, async |_| panic!("on purpose"));
        assert_eq!(panicked.await, Err(AppError::Unavailable));
        let count = Count::default();
        let counted = meter.count(organization, move |asked| count.clone().claim(asked, 1));
        assert_eq!(counted.await, Ok(Counted::As(1)));
    }
}
