//! What happened, who did it, to what, from where and when.
//!
//! `model` is vocabulary that all slices share; the rest shows the log to those
//! who may see it, exports it and proves its chain.

pub mod api;
pub mod model;
pub mod view;

#[cfg(feature = "ssr")]
pub mod server;
