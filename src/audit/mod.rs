//! What happened, who did it, to what, from where and when.

pub mod model;
