use crate::{
    error::{AppError, Conflict},
    server::{services::Services, stripe::Stripe},
};

/// Stripe, if plans are sold here.
///
/// # Errors
/// `Conflict` if not.
pub fn on(services: &Services) -> Result<&Stripe, AppError> {
    services.stripe.as_ref().ok_or(AppError::Conflict {
        conflict: Conflict::NothingSold,
    })
}
