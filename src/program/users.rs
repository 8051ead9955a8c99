//! Accounts, managed by whoever runs the program.

use std::io::BufRead;

use clap::Subcommand;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::Failure;
use crate::{
    entity::user,
    id::{Email, UserId},
    identity::{model, server::passwords},
    server::{database::WriteTx, fault, services::Services, throttle},
};

#[derive(Clone, Debug, Subcommand)]
pub enum User {
    /// Create an account with a confirmed address; the password is read from standard input
    Create {
        email: String,
        #[arg(long)]
        name: String,
    },
    /// Set a new password, read from standard input, and end all sessions
    ResetPassword { email: String },
}

/// # Errors
/// What is wrong with the address or the password.
pub async fn run(services: &Services, what: User) -> Result<(), Failure> {
    let (User::Create { email, .. } | User::ResetPassword { email }) = &what;
    let email = Email::parse(email).map_err(|error| Failure(format!("{email}: {error}")))?;
    let password = read_password()?;
    let hash = services.hasher.hash(password.into()).await?;
    let tx = services.db.write("an operator manages people").await?;
    match what {
        User::Create { name, .. } => create(services, &tx, email, &name, hash).await?,
        User::ResetPassword { .. } => reset(services, &tx, &email, hash).await?,
    }
    Ok(tx.commit().await?)
}

fn read_password() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure(error.to_string()))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let checked = model::checked_password("password", &password)
        .and_then(|()| passwords::refuse_common("password", &password));
    checked.map_err(|_| {
        Failure(
            "a password has 8 to 128 characters and is none of those that are tried first".into(),
        )
    })?;
    Ok(password)
}

async fn create(
    services: &Services,
    tx: &WriteTx,
    email: Email,
    name: &str,
    hash: String,
) -> Result<(), Failure> {
    let now = services.clock.now();
    let name =
        model::checked_name(name).map_err(|_| Failure("a name has 1 to 80 characters".into()))?;
    let account = user::ActiveModel {
        id: Set(UserId::generate()),
        email: Set(email.clone()),
        name: Set(name),
        image: Set(None),
        password_hash: Set(Some(hash)),
        password_set_at: Set(None),
        email_verified_at: Set(Some(now)),
        created_at: Set(now),
        updated_at: Set(now),
    };
    match user::Entity::insert(account)
        .exec_without_returning(&**tx)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) if fault::is_taken(&error) => {
            Err(Failure(format!("{email} has an account already")))
        }
        Err(error) => Err(error.into()),
    }
}

async fn reset(
    services: &Services,
    tx: &WriteTx,
    email: &Email,
    hash: String,
) -> Result<(), Failure> {
    let guesses = throttle::SIGN_IN_BY_ACCOUNT.by(email.as_str());
    throttle::forget_in(tx, &guesses).await?;
    let user = user::Entity::find_by_email(email)
        .one(&**tx)
        .await?
        .ok_or_else(|| Failure(format!("{email} has no account")))?;
    passwords::set(tx, services.clock.now(), user.id, hash).await?;
    Ok(())
}
