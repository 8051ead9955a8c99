//! Secrets that are handed out once and kept as a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use crate::error::AppError;

/// How many characters a secret has.
pub const LENGTH: usize = 43;

/// 256 random bits in URL-safe text.
///
/// # Errors
/// `Internal` if the system gives no randomness.
pub fn random() -> Result<String, AppError> {
    let mut bits = [0; 32];
    OsRng
        .try_fill_bytes(&mut bits)
        .map_err(|error| AppError::internal(&error))?;
    Ok(URL_SAFE_NO_PAD.encode(bits))
}

/// What is stored of a secret: its SHA-256. A secret of 128 random bits or
/// more needs no salt.
#[must_use]
pub fn hash(secret: impl AsRef<[u8]>) -> Vec<u8> {
    Sha256::digest(secret.as_ref()).to_vec()
}

/// In hexadecimal digits.
pub fn hex<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    bytes
        .into_iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
