//! The team of an organization: members, their roles, and who is invited.

pub mod api;
pub mod model;
pub mod view;

#[cfg(feature = "ssr")]
pub mod server;
