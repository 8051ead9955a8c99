//! A change of the address that a person is reached at.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use secrecy::SecretString;

use super::{letters::Correspondence, passwords, tokens};
use crate::{
    access::server::{Person, Visitor},
    entity::{mail_token::Purpose, user},
    error::AppError,
    id::Email,
    server::{fault, outbox, throttle},
};

/// Owes a mail to the new address. It is the person's when that is answered.
///
/// # Errors
/// `Invalid` for a wrong password; `TooManyTries`.
pub async fn request_change(
    person: &Person,
    new: Email,
    password: SecretString,
) -> Result<(), AppError> {
    let confirmed = passwords::confirm(person, "password", password).await?;
    let services = person.services();
    let tries = [
        throttle::MAIL_BY_ACCOUNT.by(&person.account().id.to_string()),
        throttle::CHANGE_BY_RECIPIENT.by(new.as_str()),
    ];
    throttle::take(services, &tries).await?;
    let letter = Correspondence::NewAddress {
        user: person.account().id,
        email: new,
    };
    let tx = services.db.write("a person's own account").await?;
    confirmed.hold(&tx).await?;
    outbox::post(&*tx, person.now(), &letter).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}

/// Makes the address that a token was sent to the person's own, and tells the
/// old one.
///
/// # Errors
/// `LinkExpired`, also when somebody else has the address by now.
pub async fn confirm_change(visitor: &Visitor, token: &str) -> Result<(), AppError> {
    let (services, now) = (&visitor.services, visitor.now());
    let tx = services.db.write("a person's own token").await?;
    let token = tokens::consume(&tx, now, token, Purpose::ChangeEmail).await?;
    let new = token.new_email.ok_or(AppError::LinkExpired)?;
    // Whoever never confirmed it has no claim to it.
    user::Entity::delete_many()
        .filter(user::Column::Email.eq(new.clone()))
        .filter(user::Column::EmailVerifiedAt.is_null())
        .exec(&*tx)
        .await?;
    let before = user::Entity::find_by_id(token.user_id)
        .one(&*tx)
        .await?
        .ok_or(AppError::LinkExpired)?;
    let changed = user::Entity::update(user::ActiveModel {
        id: Set(before.id),
        email: Set(new.clone()),
        email_verified_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    })
    .exec(&*tx)
    .await;
    match changed {
        Err(error) if fault::is_taken(&error) => return Err(AppError::LinkExpired),
        other => other?,
    };
    for purpose in [Purpose::ResetPassword, Purpose::ChangeEmail] {
        tokens::void(&*tx, before.id, purpose).await?;
    }
    let notice = Correspondence::AddressChanged {
        name: before.name,
        old: before.email,
        new,
    };
    outbox::post(&*tx, now, &notice).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}
