//! Organizations: founding one, finding one's way between them, settings.

pub mod api;
pub mod model;
pub mod view;

#[cfg(feature = "ssr")]
pub mod server;
