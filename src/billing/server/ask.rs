use crate::{
    access::{
        can::{self, InAnyStanding},
        server::Grant,
    },
    error::{AppError, Conflict},
    server::{services::Services, stripe::Stripe},
};

/// An owner, who pays however the organization stands.
pub type Payer = Grant<InAnyStanding<can::ManageBilling>>;

/// Stripe, if plans are sold here.
///
/// # Errors
/// `Conflict` if not.
pub fn on(services: &Services) -> Result<&Stripe, AppError> {
    services.stripe.as_ref().ok_or(AppError::Conflict {
        conflict: Conflict::NothingSold,
    })
}
