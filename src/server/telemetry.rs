//! The log: to standard error, as lines for people at a terminal and as JSON
//! for whatever else reads it.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// What is logged if `RUST_LOG` says nothing.
const DEFAULT: &str = "info,sqlx=warn,tower_sessions=warn,lettre=warn,hyper=warn";

/// Starts the log, once per process.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if std::io::stderr().is_terminal() {
        registry
            .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
            .try_init()
    } else {
        registry
            .with(
                fmt::layer()
                    .json()
                    .with_writer(std::io::stderr)
                    .with_target(false),
            )
            .try_init()
    };
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
}
