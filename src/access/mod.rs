//! Who may do what, where.
//!
//! A use-case takes a [`server::Grant`] of the capability it needs; a grant
//! comes out of the door alone, and the door reads one table, [`can`].

pub mod can;
pub mod key_scope;
pub mod role;

#[cfg(feature = "ssr")]
pub mod server;

pub use can::{Can, Capability};
pub use key_scope::{KeyScope, KeyScopes};
pub use role::Role;
