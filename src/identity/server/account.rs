//! A person's own account: its name, and its end.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter,
};
use secrecy::SecretString;

use super::{passwords, sessions};
use crate::{
    access::{
        Role,
        server::{Person, memberships::locked_organizations, trail},
    },
    audit::model::Event,
    entity::{organization, organization_member, user},
    error::{AppError, Conflict},
    server::database::WriteTx,
};

/// # Errors
/// If the database fails.
pub async fn rename(person: &Person, name: String) -> Result<(), AppError> {
    let tx = person.services().db.write("a person's own account").await?;
    user::Entity::update(user::ActiveModel {
        id: Set(person.account().id),
        name: Set(name),
        updated_at: Set(person.now()),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    tx.commit().await
}

/// Deletes the account, and with it the organizations in which the person is
/// alone.
///
/// # Errors
/// `Conflict` for the last owner of an organization with other members;
/// `Invalid` for a wrong password.
pub async fn delete(person: &Person, password: SecretString) -> Result<(), AppError> {
    let confirmed = passwords::confirm(person, "password", password).await?;
    let id = person.account().id;
    let tx = person
        .services()
        .db
        .write("a person leaves every organization")
        .await?;
    // Before their organizations: one that is being founded is waited for.
    confirmed.hold(&tx).await?;
    for organization in locked_organizations(&tx, id).await? {
        leave(person, &tx, organization).await?;
    }
    user::Entity::delete_by_id(id).exec(&*tx).await?;
    tx.commit().await?;
    sessions::sign_out(person.visitor()).await
}

async fn leave(
    person: &Person,
    tx: &WriteTx,
    organization: organization::Model,
) -> Result<(), AppError> {
    let id = person.account().id;
    let others = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization.id))
        .filter(organization_member::Column::UserId.ne(id));
    let other_owners = others
        .clone()
        .filter(organization_member::Column::Role.eq(Role::Owner));
    if others.count(&**tx).await? == 0 {
        return delete_with(person, tx, organization).await;
    }
    if other_owners.count(&**tx).await? == 0 && is_owner(person, tx, &organization).await? {
        return Err(AppError::Conflict {
            conflict: Conflict::LastOwner,
        });
    }
    let event = Event::MemberLeft { user: id };
    trail::append(
        &**tx,
        organization.id,
        &person.actor(),
        &event,
        person.now(),
    )
    .await
}

async fn delete_with(
    person: &Person,
    tx: &WriteTx,
    organization: organization::Model,
) -> Result<(), AppError> {
    let id = organization.id;
    let event = Event::OrganizationDeleted {
        organization: id,
        name: organization.name.clone(),
        slug: organization.slug.to_string(),
    };
    organization.delete(&**tx).await?;
    trail::append(&**tx, id, &person.actor(), &event, person.now()).await
}

async fn is_owner(
    person: &Person,
    tx: &WriteTx,
    organization: &organization::Model,
) -> Result<bool, AppError> {
    let owned = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization.id))
        .filter(organization_member::Column::UserId.eq(person.account().id))
        .filter(organization_member::Column::Role.eq(Role::Owner))
        .count(&**tx)
        .await?;
    Ok(owned > 0)
}
