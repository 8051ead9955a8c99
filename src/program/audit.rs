//! The audit log, as whoever runs the program looks after it.

use clap::Subcommand;

use super::Failure;
use crate::{
    audit::server::{chains, verify},
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
    for chain in chains(services).await? {
        let (organization, length) = (chain.organization, chain.length);
        match verify(services, &chain).await? {
            None => println!("ok     {organization}: {length} rows"),
            Some(fault) => {
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
