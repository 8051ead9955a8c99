//! What people type about themselves, and what they are shown of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    error::{AppError, Problem},
    id::{Email, SessionId, UserId},
    validate::Checks,
};

pub const PASSWORD_MIN: usize = 8;
pub const PASSWORD_MAX: usize = 128;
pub const NAME_MAX: usize = 80;

/// Who is signed in, as the pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub id: UserId,
    pub name: String,
    pub email: Email,
}

/// A new account as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SignUpForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub password: String,
}

/// A new account that can be one.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub name: String,
    pub email: Email,
    pub password: String,
}

impl SignUpForm {
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(self) -> Result<NewAccount, AppError> {
        let mut checks = Checks::default();
        let name = checks.line("name", &self.name, 1, NAME_MAX);
        let email = checks.parsed("email", email(&self.email));
        check_password(&mut checks, "password", &self.password);
        checks.done()?;
        let email = email.ok_or_else(|| AppError::invalid("email", Problem::NotAnEmail))?;
        Ok(NewAccount {
            name,
            email,
            password: self.password,
        })
    }
}

/// # Errors
/// `Missing` or `NotAnEmail`.
pub fn email(text: &str) -> Result<Email, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::Missing);
    }
    Email::parse(text).map_err(|_| Problem::NotAnEmail)
}

/// Checks the length of a password; characters are free.
pub fn check_password(checks: &mut Checks, field: &str, password: &str) {
    let length = password.chars().count();
    if length == 0 {
        checks.fail(field, Problem::Missing);
    } else if length < PASSWORD_MIN {
        checks.fail(field, Problem::TooShort(PASSWORD_MIN));
    } else if length > PASSWORD_MAX {
        checks.fail(field, Problem::TooLong(PASSWORD_MAX));
    }
}

/// # Errors
/// `Invalid` unless the password is as long as one must be.
pub fn checked_password(field: &str, password: &str) -> Result<(), AppError> {
    let mut checks = Checks::default();
    check_password(&mut checks, field, password);
    checks.done()
}

/// # Errors
/// `Invalid` unless it can be a person's name.
pub fn checked_name(name: &str) -> Result<String, AppError> {
    let mut checks = Checks::default();
    let name = checks.line("name", name, 1, NAME_MAX);
    checks.done()?;
    Ok(name)
}

/// An address and a password as far as a form can tell; whether they fit is
/// another question.
///
/// # Errors
/// `Invalid` for what no account can have.
pub fn credentials(address: &str, password: String) -> Result<(Email, String), AppError> {
    let mut checks = Checks::default();
    let address = checks.parsed("email", email(address));
    if password.is_empty() {
        checks.fail("password", Problem::Missing);
    } else if password.chars().count() > PASSWORD_MAX {
        checks.fail("password", Problem::TooLong(PASSWORD_MAX));
    }
    checks.done()?;
    address
        .map(|address| (address, password))
        .ok_or_else(|| AppError::invalid("email", Problem::NotAnEmail))
}

/// A session as its owner sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    pub id: SessionId,
    pub device: String,
    pub on_phone: bool,
    pub ip: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    /// The one that asks.
    pub is_this: bool,
}

/// What a user agent says of a device, in a few words.
#[must_use]
pub fn device(user_agent: &str) -> String {
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

/// Accounts of the demo organizations, which anyone may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccounts {
    pub emails: Vec<String>,
    pub password: String,
}

/// Where to go on after signing in: a path on this site, else nothing.
///
/// A browser reads `//host`, `/\host` and control characters as ways off the
/// site, so none of them passes.
#[must_use]
pub fn safe_callback(url: &str) -> Option<&str> {
    let on_this_site = url.starts_with('/')
        && !url.starts_with("//")
        && !url.contains('\\')
        && !url.chars().any(char::is_control)
        && url.is_ascii()
        && url.len() <= 1024;
    on_this_site.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_never_leaves_the_site() {
        assert_eq!(
            safe_callback("/app/acme/projects?q=a%20b"),
            Some("/app/acme/projects?q=a%20b")
        );
        for url in [
            "",
            "app",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\nb",
            "/\t/evil.example",
            "/a\\b",
        ] {
            assert_eq!(safe_callback(url), None, "{url:?}");
        }
    }

    #[test]
    fn all_that_is_wrong_with_a_form_is_said_at_once() {
        let form = SignUpForm {
            name: " ".into(),
            email: "ada".into(),
            password: "short".into(),
        };
        let Err(AppError::Invalid { errors }) = form.check() else {
            panic!("it was taken")
        };
        let problems: Vec<_> = errors
            .iter()
            .map(|e| (e.field.as_str(), e.problem.clone()))
            .collect();
        assert_eq!(
            problems,
            [
                ("name", Problem::Missing),
                ("email", Problem::NotAnEmail),
                ("password", Problem::TooShort(8)),
            ]
        );
    }

    #[test]
    fn devices_are_named_for_people() {
        let chrome = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0 Safari/537.36";
        assert_eq!(device(chrome), "Chrome on macOS");
        assert_eq!(device("curl/8.5.0"), "curl");
        assert_eq!(device(""), "Unknown device");
    }
}
