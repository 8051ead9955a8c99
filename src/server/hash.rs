//! Password hashes: Argon2id at 19 MiB, two passes, one lane, computed off the
//! threads that serve requests and only so many at a time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::available_parallelism,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, SaltString},
};
use rand::{TryRngCore, rngs::OsRng};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::error::AppError;

/// How many may wait. The last of them waits for about three seconds; whoever
/// comes after is told to come back.
const LONGEST_QUEUE: usize = 200;

#[derive(Clone, Debug)]
pub struct Hasher {
    places: Arc<Semaphore>,
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
        let decoy = hash(&SecretString::from("nobody has this password"))?;
        Ok(Self {
            places: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))),
            queue: Arc::new(Semaphore::new(LONGEST_QUEUE)),
            decoy: decoy.into(),
            computed: Arc::default(),
        })
    }

    /// A PHC string of the password with a new salt.
    ///
    /// # Errors
    /// `Internal` if it can't be computed.
    pub async fn hash(&self, password: SecretString) -> Result<String, AppError> {
        self.compute(move || hash(&password)).await
    }

    /// Whether the password is the one that was hashed. With no hash it takes
    /// as long and is false.
    ///
    /// # Errors
    /// `Internal` if it can't be computed.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, AppError> {
        let known = hash.is_some();
        let phc = hash.unwrap_or_else(|| self.decoy.to_string());
        self.compute(move || {
            let phc = PasswordHash::new(&phc).map_err(|error| fault(&error))?;
            let matches = argon2().verify_password(password.expose_secret().as_bytes(), &phc);
            Ok(known && matches.is_ok())
        })
        .await
    }

    /// How many hashes were computed so far.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let _waiting = self
            .queue
            .try_acquire()
            .map_err(|_| AppError::Unavailable)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| AppError::internal(&error))?;
        // The place goes with the work: whoever asked may be gone before it ends.
        let work = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| AppError::internal(&error))?
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hash(password: &SecretString) -> Result<String, AppError> {
    let mut salt = [0; 16];
    OsRng
        .try_fill_bytes(&mut salt)
        .map_err(|error| AppError::internal(&error))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| fault(&error))?;
    argon2()
        .hash_password(password.expose_secret().as_bytes(), &salt)
        .map(|phc| phc.to_string())
        .map_err(|error| fault(&error))
}

fn fault(error: &password_hash::Error) -> AppError {
    AppError::internal(&std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_are_those_of_the_contract() {
        let params = Params::default();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19 * 1024, 2, 1)
        );
    }

    #[tokio::test]
    async fn only_the_password_itself_fits_its_hash() {
        let hasher = Hasher::new().expect("there is randomness");
        let phc = hasher.hash("correct horse".into()).await.expect("hashes");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(
            hasher
                .verify("correct horse".into(), Some(phc.clone()))
                .await,
            Ok(true)
        );
        assert_eq!(
            hasher.verify("Correct horse".into(), Some(phc)).await,
            Ok(false)
        );
        assert_eq!(
            hasher.verify("nobody has this password".into(), None).await,
            Ok(false)
        );
    }
}
