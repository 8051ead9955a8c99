//! Paying, and agreeing with Stripe.

pub mod apply;
mod ask;
pub mod buying;
pub mod changing;
mod compare;
mod customer;
pub mod event;
mod known;
pub mod letters;
pub mod look;
mod settled;
pub mod work;

pub use ask::{Payer, on};
