//! Keys of the public API: made, shown once, rotated and revoked.

pub mod api;
pub mod model;
pub mod view;

#[cfg(feature = "ssr")]
pub mod server;
