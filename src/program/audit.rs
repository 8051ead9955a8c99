//! The audit log, as whoever runs the program looks after it.

use clap::Subcommand;

use super::Failure;
use crate::{
    audit::server::{Proof, chains, verify},
    server::services::Services,
};

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Audit {
    /// Prove that no row was changed, taken away, added or moved, in any organization
    Verify,
}

/// # Errors
/// If a chain is broken; where, was printed.
pub async fn run(services: &Services, what: &Audit) -> Result<(), Failure> {
    let Audit::Verify = what;
    let mut broken = 0_usize;
    for organization in chains(services).await? {
        match verify(services, organization).await? {
            Proof::Whole(length) => println!("ok     {organization}: {length} rows"),
            Proof::Broken(fault) => {
                broken += 1;
                println!("BROKEN {organization}: {fault}");
            }
        }
    }
    if broken == 0 {
        Ok(())
    } else {
        Err(Failure(format!("{broken} audit logs are broken")))
    }
}
