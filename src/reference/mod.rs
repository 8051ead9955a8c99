//! The reference of the public API, for people: read from its description.

pub mod api;
pub mod model;
pub mod view;
