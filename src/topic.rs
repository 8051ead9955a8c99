//! What the stream's events are called.

/// The default event: it has no name of its own.
pub const OVERVIEW: &str = "";
/// Which deployments moved last.
pub const DEPLOYMENTS: &str = "deployments";
/// How much of each limit is used.
pub const USAGE: &str = "usage";
/// What is paid for. Those are told as well whose organization is closed.
pub const BILLING: &str = "billing";
/// Nothing more is told: who listens may do so no longer.
pub const REVOKED: &str = "revoked";
/// Nothing more is told from here: who listens is to ask again.
pub const RECONNECT: &str = "reconnect";
