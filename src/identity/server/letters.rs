//! The mails to do with an account. Who gets which is decided when it is
//! sent, out of sight of whoever asked: the request that causes it does the
//! same whether or not an address is known.

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, QuerySelect, sea_query::LockType};
use serde::{Deserialize, Serialize};

use super::tokens::{self, Pending, PendingSignUp};
use crate::{
    entity::{mail_token::Purpose, user},
    error::AppError,
    id::{Email, UserId},
    server::{
        mail::{Action, Letter},
        outbox::{self, Undelivered},
        services::Services,
    },
};

/// A mail that is owed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Correspondence {
    /// Someone signed up with this address.
    SignUp {
        email: Email,
        callback_url: Option<String>,
        pending: PendingSignUp,
    },
    /// Someone forgot the password of this address.
    ForgottenPassword {
        email: Email,
    },
    /// A person wants to be reached at another address.
    NewAddress {
        user: UserId,
        email: Email,
    },
    /// A person's address was changed: told to the old one.
    AddressChanged {
        name: String,
        old: Email,
        new: Email,
    },
    PasswordChanged {
        user: UserId,
    },
}

impl outbox::Effect for Correspondence {}

impl Correspondence {
    /// Sends it, unless it is too late for that: what was owed since before
    /// the password was changed gives nobody a way in any more.
    ///
    /// # Errors
    /// If the database fails or the mail isn't taken.
    pub async fn send(self, services: &Services, since: DateTime<Utc>) -> Result<(), Undelivered> {
        match self {
            Self::SignUp {
                email,
                callback_url,
                pending,
            } => sign_up(services, since, &email, callback_url.as_deref(), pending).await,
            Self::ForgottenPassword { email } => forgotten(services, since, &email).await,
            Self::NewAddress { user, email } => new_address(services, since, user, &email).await,
            Self::AddressChanged { name, old, new } => {
                services
                    .mailer
                    .send(&old, &address_changed(&name, &new))
                    .await
            }
            Self::PasswordChanged { user } => password_changed(services, user).await,
        }
    }
}

async fn sign_up(
    services: &Services,
    since: DateTime<Utc>,
    email: &Email,
    callback_url: Option<&str>,
    pending: PendingSignUp,
) -> Result<(), Undelivered> {
    let Some(user) = by_email(services, email).await? else {
        return Ok(());
    };
    if user.email_verified_at.is_some() {
        return services
            .mailer
            .send(email, &known_already(services, &user))
            .await;
    }
    let pending = Pending {
        sign_up: Some(pending),
        ..Pending::default()
    };
    let token = token_for(services, since, user.id, Purpose::VerifyEmail, pending).await?;
    let Some(token) = token else { return Ok(()) };
    let mut path = format!("/auth/verify?token={token}");
    if let Some(callback_url) = callback_url {
        path.push_str("&callbackUrl=");
        path.extend(url::form_urlencoded::byte_serialize(
            callback_url.as_bytes(),
        ));
    }
    let letter = Letter {
        subject: "Confirm your e-mail address".into(),
        // The name is whatever somebody typed, and this may be a stranger.
        greeting: "Hello,".into(),
        paragraphs: vec!["Confirm this address to finish signing up for Atrium.".into()],
        action: Some(Action {
            label: "Confirm address".into(),
            url: services.config.app_url().join(&path),
        }),
        footnote: "The link works once, for 24 hours. If you didn't sign up, ignore this mail."
            .into(),
    };
    services.mailer.send(email, &letter).await
}

fn known_already(services: &Services, user: &user::Model) -> Letter {
    Letter {
        subject: "You already have an Atrium account".into(),
        greeting: greeting(&user.name),
        paragraphs: vec![
            "Someone, probably you, signed up for Atrium with this address. It has an account \
             already, so nothing was changed."
                .into(),
        ],
        action: Some(Action {
            label: "Sign in".into(),
            url: services.config.app_url().join("/auth/signin"),
        }),
        footnote: "If you forgot your password, you can choose a new one from there.".into(),
    }
}

async fn forgotten(
    services: &Services,
    since: DateTime<Utc>,
    email: &Email,
) -> Result<(), Undelivered> {
    let Some(user) = by_email(services, email).await? else {
        return Ok(());
    };
    let purpose = Purpose::ResetPassword;
    let token = token_for(services, since, user.id, purpose, Pending::default()).await?;
    let Some(token) = token else { return Ok(()) };
    let letter = Letter {
        subject: "Choose a new password".into(),
        greeting: greeting(&user.name),
        paragraphs: vec!["Someone, probably you, forgot the password of this account.".into()],
        action: Some(Action {
            label: "Choose a new password".into(),
            url: services
                .config
                .app_url()
                .join(&format!("/auth/reset?token={token}")),
        }),
        footnote: "The link works once, for one hour. If it wasn't you, ignore this mail: your \
                   password stays as it is."
            .into(),
    };
    services.mailer.send(email, &letter).await
}

async fn new_address(
    services: &Services,
    since: DateTime<Utc>,
    id: UserId,
    email: &Email,
) -> Result<(), Undelivered> {
    let holder = by_email(services, email).await?;
    if holder.is_some_and(|user| user.email_verified_at.is_some()) {
        return services.mailer.send(email, &address_in_use()).await;
    }
    let pending = Pending {
        new_email: Some(email.clone()),
        ..Pending::default()
    };
    let token = token_for(services, since, id, Purpose::ChangeEmail, pending).await?;
    let Some(token) = token else { return Ok(()) };
    let letter = Letter {
        subject: "Confirm your new e-mail address".into(),
        // Whoever has that address may be a stranger.
        greeting: "Hello,".into(),
        paragraphs: vec![format!(
            "Confirm that Atrium may reach you at {email} from now on."
        )],
        action: Some(Action {
            label: "Confirm new address".into(),
            url: services
                .config
                .app_url()
                .join(&format!("/account/email?token={token}")),
        }),
        footnote: "The link works once, for 4 hours. If you didn't ask for this, ignore this mail."
            .into(),
    };
    services.mailer.send(email, &letter).await
}

fn address_in_use() -> Letter {
    Letter {
        subject: "This address has an Atrium account".into(),
        greeting: "Hello,".into(),
        paragraphs: vec![
            "Someone wanted to use this address for another Atrium account. It has one of its own \
             already, so nothing was changed."
                .into(),
        ],
        action: None,
        footnote: "If it wasn't you, there is nothing to do.".into(),
    }
}

fn address_changed(name: &str, new: &Email) -> Letter {
    Letter {
        subject: "Your e-mail address was changed".into(),
        greeting: greeting(name),
        paragraphs: vec![format!(
            "Your Atrium account is now reached at {new}, no longer at this address."
        )],
        action: None,
        footnote: "If it wasn't you, write to whoever runs this Atrium at once.".into(),
    }
}

async fn password_changed(services: &Services, id: UserId) -> Result<(), Undelivered> {
    let Some(user) = by_id(services, id).await? else {
        return Ok(());
    };
    let letter = Letter {
        subject: "Your password was changed".into(),
        greeting: greeting(&user.name),
        paragraphs: vec![
            "The password of your Atrium account was changed, and all other sessions were signed out.".into(),
        ],
        action: None,
        footnote: format!(
            "If it wasn't you, choose a new one at {}.",
            services.config.app_url().join("/auth/forgot")
        ),
    };
    services.mailer.send(&user.email, &letter).await
}

fn greeting(name: &str) -> String {
    format!("Hello {name},")
}

/// A token for a mail, or none if it comes too late.
async fn token_for(
    services: &Services,
    since: DateTime<Utc>,
    user: UserId,
    purpose: Purpose,
    pending: Pending,
) -> Result<Option<String>, AppError> {
    let now = services.clock.now();
    let tx = services.db.write("a person's own token").await?;
    // Locked, so that a password that is being changed is waited for.
    let user = user::Entity::find_by_id(user)
        .lock(LockType::NoKeyUpdate)
        .one(&*tx)
        .await?;
    let Some(user) = user.filter(|user| user.password_set_at.is_none_or(|set| set < since)) else {
        return Ok(None);
    };
    if now - since > tokens::lifetime(purpose) {
        return Ok(None);
    }
    let token = tokens::issue(&tx, now, user.id, purpose, pending).await?;
    tx.commit().await?;
    Ok(Some(token))
}

async fn by_email(services: &Services, email: &Email) -> Result<Option<user::Model>, AppError> {
    let db = services.db.unscoped("people belong to no one tenant");
    Ok(user::Entity::find_by_email(email).one(db).await?)
}

async fn by_id(services: &Services, id: UserId) -> Result<Option<user::Model>, AppError> {
    let db = services.db.unscoped("people belong to no one tenant");
    Ok(user::Entity::find_by_id(id).one(db).await?)
}
