//! Argon2id in memory that is used again: a new 19 MiB for each hash would cost
//! a third of its time, and the allocator would keep dozens of them.

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{self, Output, ParamsString, SaltString},
};
use rand::{TryRngCore, rngs::OsRng};
use secrecy::{ExposeSecret, SecretString};

use crate::error::AppError;

/// What a hash is computed in.
pub type Memory = Vec<Block>;

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;
/// In bytes.
const SALT_LENGTH: usize = 16;

/// 19 MiB, two passes, one lane.
fn params() -> Params {
    Params::default()
}

/// A PHC string of the password with a new salt.
///
/// # Errors
/// `Internal` if there is no randomness or it can't be computed.
pub fn hash(password: &SecretString, memory: &mut Memory) -> Result<String, AppError> {
    let mut salt = [0; SALT_LENGTH];
    OsRng
        .try_fill_bytes(&mut salt)
        .map_err(|error| AppError::internal(&error))?;
    let params = params();
    let argon = Argon2::new(ALGORITHM, VERSION, params.clone());
    let output = compute(&argon, password, &salt, Params::DEFAULT_OUTPUT_LEN, memory)?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| fault(&error))?;
    let phc = PasswordHash {
        algorithm: ALGORITHM.ident(),
        version: Some(VERSION.into()),
        params: ParamsString::try_from(&params).map_err(|error| fault(&error))?,
        salt: Some(salt.as_salt()),
        hash: Some(output),
    };
    Ok(phc.to_string())
}

/// Whether the password is the one that was hashed, in constant time.
///
/// # Errors
/// `Internal` if the PHC string isn't one of Argon2's.
pub fn verify(password: &SecretString, phc: &str, memory: &mut Memory) -> Result<bool, AppError> {
    let phc = PasswordHash::new(phc).map_err(|error| fault(&error))?;
    let (Some(salt), Some(expected)) = (phc.salt, phc.hash) else {
        return Err(fault(&password_hash::Error::PhcStringField));
    };
    let mut bytes = [0; 64];
    let salt = salt.decode_b64(&mut bytes).map_err(|error| fault(&error))?;
    let argon = Argon2::new(
        Algorithm::try_from(phc.algorithm).map_err(|error| fault(&error))?,
        version(&phc)?,
        Params::try_from(&phc).map_err(|error| fault(&error))?,
    );
    Ok(compute(&argon, password, salt, expected.len(), memory)? == expected)
}

/// Whether a hash was made with less than what is asked for by now.
#[must_use]
pub fn is_outdated(phc: &str) -> bool {
    let Ok(phc) = PasswordHash::new(phc) else {
        return false;
    };
    let is_cheaper = |made_with: Params| {
        let asked = params();
        made_with.m_cost() < asked.m_cost() || made_with.t_cost() < asked.t_cost()
    };
    phc.algorithm != ALGORITHM.ident()
        || phc.version != Some(VERSION.into())
        || Params::try_from(&phc).is_ok_and(is_cheaper)
}

fn version(phc: &PasswordHash<'_>) -> Result<Version, AppError> {
    let Some(version) = phc.version else {
        return Ok(VERSION);
    };
    Version::try_from(version).map_err(|_| fault(&password_hash::Error::Version))
}

fn compute(
    argon: &Argon2<'_>,
    password: &SecretString,
    salt: &[u8],
    length: usize,
    memory: &mut Memory,
) -> Result<Output, AppError> {
    let blocks = argon.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    Output::init_with(length, |out| {
        argon
            .hash_password_into_with_memory(
                password.expose_secret().as_bytes(),
                salt,
                out,
                memory.as_mut_slice(),
            )
            .map_err(Into::into)
    })
    .map_err(|error| fault(&error))
}

fn fault(error: &password_hash::Error) -> AppError {
    AppError::internal(&std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher, PasswordVerifier};

    use super::*;

    const PASSWORD: &str = "correct horse";

    #[test]
    fn the_parameters_are_those_of_the_contract() {
        let params = params();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19 * 1024, 2, 1)
        );
    }

    #[test]
    fn what_it_makes_is_what_the_library_makes() {
        let mut memory = Memory::new();
        let ours = hash(&PASSWORD.into(), &mut memory).expect("a hash");
        let phc = PasswordHash::new(&ours).expect("a PHC string");
        let library = Argon2::default();
        library
            .verify_password(PASSWORD.as_bytes(), &phc)
            .expect("the library takes it");
        let again = library
            .hash_password(PASSWORD.as_bytes(), phc.salt.expect("a salt"))
            .expect("a hash");
        assert_eq!(ours, again.to_string());
    }

    #[test]
    fn memory_that_held_another_hash_changes_nothing() {
        let mut memory = Memory::new();
        let phc = hash(&PASSWORD.into(), &mut memory).expect("a hash");
        hash(&"something else".into(), &mut memory).expect("a hash");
        assert_eq!(verify(&PASSWORD.into(), &phc, &mut memory), Ok(true));
        assert_eq!(
            verify(&"Correct horse".into(), &phc, &mut memory),
            Ok(false)
        );
    }

    #[test]
    fn a_hash_of_other_parameters_is_verified_with_its_own_and_outdated() {
        let weaker = Params::new(8 * 1024, 1, 1, None).expect("parameters");
        let salt = SaltString::encode_b64(&[7; SALT_LENGTH]).expect("a salt");
        let phc = Argon2::new(ALGORITHM, VERSION, weaker)
            .hash_password(PASSWORD.as_bytes(), &salt)
            .expect("a hash")
            .to_string();
        let mut memory = Memory::new();
        assert_eq!(verify(&PASSWORD.into(), &phc, &mut memory), Ok(true));
        assert!(is_outdated(&phc));
        let ours = hash(&PASSWORD.into(), &mut memory).expect("a hash");
        assert!(!is_outdated(&ours));
    }
}
