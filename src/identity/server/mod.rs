//! Signing up, in and out, and all that an account's owner may do with it.

pub mod account;
pub mod address;
pub mod browsers;
pub mod demo;
pub mod letters;
pub mod passwords;
pub mod sessions;
pub mod sign_up;
pub mod tokens;

mod common_passwords;
