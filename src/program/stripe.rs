//! What an operator sees of Stripe's events.

use std::io::Write;

use clap::Subcommand;

use super::Failure;
use crate::{billing::server::work, entity::stripe_event::EventState, server::services::Services};

#[derive(Debug, Subcommand)]
pub enum Stripe {
    /// List the newest events, and what became of them
    Events {
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u64,
        /// Only those that wait, or have to be looked at
        #[arg(long)]
        open: bool,
    },
    /// Have an event looked at again by the program that serves
    Retry {
        /// As Stripe calls it: evt_…
        id: String,
    },
}

/// # Errors
/// If the database fails, or there is no such event.
pub async fn run(services: &Services, what: Stripe) -> Result<(), Failure> {
    match what {
        Stripe::Events { limit, open } => list(services, limit, open).await,
        Stripe::Retry { id } => match work::retry(services, &id).await {
            Ok(()) => {
                say(&format!(
                    "{id} is looked at again by the program that serves"
                ));
                Ok(())
            }
            Err(crate::error::AppError::NotFound) => Err(Failure(format!("no event {id}"))),
            Err(error) => Err(error.into()),
        },
    }
}

async fn list(services: &Services, limit: u64, open: bool) -> Result<(), Failure> {
    for event in work::newest(services, limit, open).await? {
        let state = match event.state {
            _ if event.is_alert => "ALERT",
            EventState::Pending => "pending",
            EventState::Applied => "applied",
            EventState::Ignored => "ignored",
        };
        say(&format!(
            "{}  {state:<8} {}  {}  tries {}  {}",
            event.received_at.format("%Y-%m-%d %H:%M:%S"),
            event.id,
            event.kind,
            event.attempts,
            event.note.unwrap_or_default(),
        ));
    }
    Ok(())
}

/// A reader that has left is no failure.
fn say(line: &str) {
    let _gone = writeln!(std::io::stdout(), "{}", line.trim_end());
}
