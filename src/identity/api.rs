//! The server functions of accounts: who is at the door, and a call.

use leptos::prelude::*;

use super::model::{DemoAccounts, Me, SessionRow};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::SessionId, theme::Theme};

#[server]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] callback_url: String,
) -> Result<(), AppError> {
    use super::{
        model::{SignUpForm, safe_callback},
        server::sign_up,
    };
    let new = SignUpForm {
        name,
        email,
        password,
    }
    .check()?;
    let callback_url = safe_callback(&callback_url).map(str::to_owned);
    sign_up::sign_up(
        &door::visitor()?,
        new,
        callback_url,
        &answer::sign_up_secret()?,
    )
    .await?;
    answer::go("/auth/check-mail");
    Ok(())
}

#[server]
pub async fn confirm_address(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] callback_url: String,
) -> Result<(), AppError> {
    use super::{model::safe_callback, server::sign_up};
    let signed_up_by = answer::known_sign_up();
    let browser = answer::browser_secret()?;
    let visitor = door::visitor()?;
    sign_up::confirm(
        &visitor,
        &token,
        signed_up_by.as_deref(),
        password,
        &browser,
    )
    .await?;
    answer::keep_browser(&browser);
    answer::toast(Toast::AddressConfirmed);
    answer::go(safe_callback(&callback_url).unwrap_or("/app"));
    Ok(())
}

/// Whether a sign-up can be confirmed in this browser without its password.
#[server]
pub async fn is_sign_up_from_here(#[server(default)] token: String) -> Result<bool, AppError> {
    let signed_up_by = answer::known_sign_up();
    let visitor = door::visitor()?;
    super::server::sign_up::is_from_here(&visitor, &token, signed_up_by.as_deref()).await
}

#[server]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] callback_url: String,
) -> Result<(), AppError> {
    use super::{
        model::{credentials, safe_callback},
        server::sessions,
    };
    let (email, password) = credentials(&email, password)?;
    let given = Credentials {
        email,
        password: password.into(),
    };
    let browser = answer::browser_secret()?;
    sessions::sign_in(&door::visitor()?, given, &browser).await?;
    answer::keep_browser(&browser);
    answer::go(safe_callback(&callback_url).unwrap_or("/app"));
    Ok(())
}

#[server]
pub async fn sign_out(#[server(default)] callback_url: String) -> Result<(), AppError> {
    super::server::sessions::sign_out(&door::visitor()?).await?;
    answer::toast(Toast::SignedOut);
    let back = super::model::safe_callback(&callback_url);
    answer::go(&back.map_or_else(|| "/auth/signin".to_owned(), answer::sign_in_and_back));
    Ok(())
}

#[server]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    super::server::sessions::sign_out_everywhere(&door::person()?).await?;
    answer::toast(Toast::SignedOut);
    answer::go("/auth/signin");
    Ok(())
}

#[server]
pub async fn forgot_password(#[server(default)] email: String) -> Result<(), AppError> {
    let email =
        super::model::email(&email).map_err(|problem| AppError::invalid("email", problem))?;
    super::server::passwords::forgot(&door::visitor()?, email).await?;
    answer::go("/auth/check-mail");
    Ok(())
}

#[server]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    super::model::checked_password("password", &password)?;
    let browser = answer::browser_secret()?;
    super::server::passwords::reset(&door::visitor()?, &token, password, &browser).await?;
    answer::keep_browser(&browser);
    answer::toast(Toast::PasswordChanged);
    answer::go("/app");
    Ok(())
}

#[server]
pub async fn change_password(
    #[server(default)] current_password: String,
    #[server(default)] new_password: String,
) -> Result<(), AppError> {
    let person = door::person()?;
    super::model::checked_password("new_password", &new_password)?;
    super::server::passwords::change(&person, current_password.into(), new_password).await?;
    answer::toast(Toast::PasswordChanged);
    Ok(())
}

#[server]
pub async fn change_email(
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let person = door::person()?;
    let email =
        super::model::email(&email).map_err(|problem| AppError::invalid("email", problem))?;
    super::server::address::request_change(&person, email, password.into()).await?;
    answer::toast(Toast::MailSent);
    Ok(())
}

#[server]
pub async fn confirm_new_email(#[server(default)] token: String) -> Result<(), AppError> {
    super::server::address::confirm_change(&door::visitor()?, &token).await?;
    answer::toast(Toast::AddressChanged);
    answer::go("/account");
    Ok(())
}

#[server]
pub async fn change_name(#[server(default)] name: String) -> Result<(), AppError> {
    let person = door::person()?;
    super::server::account::rename(&person, super::model::checked_name(&name)?).await?;
    answer::toast(Toast::ProfileSaved);
    Ok(())
}

#[server]
pub async fn revoke_session(session: SessionId) -> Result<(), AppError> {
    super::server::sessions::revoke(&door::person()?, session).await?;
    answer::toast(Toast::SessionEnded);
    Ok(())
}

#[server]
pub async fn delete_account(#[server(default)] password: String) -> Result<(), AppError> {
    super::server::account::delete(&door::person()?, password.into()).await?;
    answer::toast(Toast::AccountDeleted);
    answer::go("/");
    Ok(())
}

/// Who is signed in.
#[server]
pub async fn get_me() -> Result<Me, AppError> {
    let account = door::person()?.account().clone();
    Ok(Me {
        id: account.id,
        name: account.name,
        email: account.email,
    })
}

#[server]
pub async fn my_sessions() -> Result<Vec<SessionRow>, AppError> {
    super::server::sessions::list(&door::person()?).await
}

/// The accounts that a demo shows beside its sign-in form.
#[server]
pub async fn list_demo_accounts() -> Result<Option<DemoAccounts>, AppError> {
    super::server::demo::accounts(&door::visitor()?.services).await
}

/// Keeps how this browser shows the pages.
#[server]
pub async fn set_theme(theme: Theme) -> Result<(), AppError> {
    answer::cookie(&theme.cookie());
    Ok(())
}
