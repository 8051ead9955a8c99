//! People: their accounts, how they sign in, and the sessions they have.

pub mod api;
pub mod model;
pub mod view;

#[cfg(feature = "ssr")]
pub mod server;
