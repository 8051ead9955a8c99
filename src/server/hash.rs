//! Password hashes, computed off the threads that serve requests and only so
//! many at a time.

mod argon;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::available_parallelism,
};

use secrecy::SecretString;
use tokio::sync::Semaphore;

pub use argon::is_outdated;

use crate::error::AppError;
use argon::Memory;

/// How many may wait. The last of them waits for about three seconds; whoever
/// comes after is told to come back.
const LONGEST_QUEUE: usize = 200;

#[derive(Clone)]
pub struct Hasher {
    places: Arc<Semaphore>,
    /// One for each place that was taken so far.
    memories: Arc<Mutex<Vec<Memory>>>,
    /// Who waits for a place, or has one.
    queue: Arc<Semaphore>,
    /// What is verified for an address without an account, so that it costs
    /// the same time.
    decoy: Arc<str>,
    computed: Arc<AtomicU64>,
}

impl Hasher {
    /// As many at a time as leave a core to those who only read.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn new() -> Result<Self, AppError> {
        let cores = available_parallelism().map_or(1, usize::from);
        let nobodys = SecretString::from("nobody has this password");
        let decoy = argon::hash(&nobodys, &mut Memory::new())?;
        Ok(Self {
            places: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))),
            memories: Arc::default(),
            queue: Arc::new(Semaphore::new(LONGEST_QUEUE)),
            decoy: decoy.into(),
            computed: Arc::default(),
        })
    }

    /// A PHC string of the password with a new salt.
    ///
    /// # Errors
    /// `Unavailable` if too many wait; `Internal` if it can't be computed.
    pub async fn hash(&self, password: SecretString) -> Result<String, AppError> {
        self.compute(move |memory| argon::hash(&password, memory))
            .await
    }

    /// Whether the password is the one that was hashed. With no hash it takes
    /// as long and is false.
    ///
    /// # Errors
    /// `Unavailable` if too many wait; `Internal` if it can't be computed.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, AppError> {
        let known = hash.is_some();
        let phc = hash.unwrap_or_else(|| self.decoy.to_string());
        self.compute(move |memory| Ok(argon::verify(&password, &phc, memory)? && known))
            .await
    }

    /// How many hashes were computed so far.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let _waiting = self
            .queue
            .try_acquire()
            .map_err(|_| AppError::Unavailable)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| AppError::internal(&error))?;
        let memories = Arc::clone(&self.memories);
        // The place goes with the work: whoever asked may be gone before it ends.
        let work = move || {
            let _place = place;
            let mut memory = take(&memories);
            let result = work(&mut memory);
            give_back(&memories, memory);
            result
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| AppError::internal(&error))?
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}

fn take(memories: &Mutex<Vec<Memory>>) -> Memory {
    let mut memories = memories.lock().unwrap_or_else(PoisonError::into_inner);
    memories.pop().unwrap_or_default()
}

fn give_back(memories: &Mutex<Vec<Memory>>, memory: Memory) {
    let mut memories = memories.lock().unwrap_or_else(PoisonError::into_inner);
    memories.push(memory);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_fits_its_hash() {
        let hasher = Hasher::new().expect("there is randomness");
        let phc = hasher.hash("correct horse".into()).await.expect("hashes");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |password: &str, phc| hasher.verify(password.into(), phc);
        assert_eq!(verify("correct horse", Some(phc.clone())).await, Ok(true));
        assert_eq!(verify("Correct horse", Some(phc)).await, Ok(false));
        assert_eq!(verify("nobody has this password", None).await, Ok(false));
    }

    #[tokio::test]
    async fn memory_is_used_again() {
        let hasher = Hasher::new().expect("there is randomness");
        for password in ["one", "two", "three", "four"] {
            hasher.hash(password.into()).await.expect("hashes");
        }
        let kept = hasher.memories.lock().expect("not poisoned").len();
        assert_eq!(kept, 1, "one after the other, they need no more");
    }
}
