//! The pages of accounts.

mod account;
mod auth;
mod confirm;
mod frame;

pub use account::AccountPage;
pub use auth::{CheckMailPage, ForgotPage, SignInPage, SignUpPage};
pub use confirm::{NewAddressPage, ResetPage, VerifyPage};
pub use frame::{AuthFrame, PlainFrame};
