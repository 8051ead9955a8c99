//! The audit log, as whoever runs the program looks after it.

use clap::Subcommand;

use super::Failure;
use crate::{
    audit::server::{Proof, chains, verify},
    error::AppError,
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
        match verify(services, organization).await {
            Ok(Proof::Whole(length)) => println!("ok     {organization}: {length} rows"),
            Ok(Proof::Broken(fault)) => {
                broken += 1;
                println!("BROKEN {organization}: {fault}");
            }
            Err(AppError::Unavailable) => return Err(AppError::Unavailable.into()),
            Err(_) => {
                broken += 1;
                println!("BROKEN {organization}: a row can't be read");
            }
        }
    }
    if broken == 0 {
        Ok(())
    } else {
        Err(Failure(format!("{broken} audit logs are broken")))
    }
}
