//! A person's own account: its name, and its end.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter,
};
use secrecy::SecretString;

use super::{passwords, sessions};
use crate::{
    access::{
        Role,
        server::{
            Person,
            memberships::{self, Membership},
            trail,
        },
    },
    audit::model::{Event, MemberSnapshot},
    entity::{organization_member, user},
    error::AppError,
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
    for membership in memberships::lock_all(&tx, id).await? {
        membership.enter(&tx).await?;
        leave(person, &tx, membership).await?;
    }
    user::Entity::delete_by_id(id).exec(&*tx).await?;
    tx.commit().await?;
    sessions::sign_out(person.visitor()).await
}

async fn leave(person: &Person, tx: &WriteTx, membership: Membership) -> Result<(), AppError> {
    let (organization, role) = (membership.organization().clone(), membership.role());
    let (id, leaver) = (organization.id, person.account());
    let others = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(id))
        .filter(organization_member::Column::UserId.ne(leaver.id))
        .count(&**tx)
        .await?;
    let event = if others == 0 {
        let deleted = Event::OrganizationDeleted {
            organization: id,
            name: organization.name.clone(),
            slug: organization.slug.to_string(),
        };
        organization.delete(&**tx).await?;
        deleted
    } else {
        if role == Role::Owner {
            memberships::keep_an_owner(tx, id, leaver.id).await?;
        }
        // Within the organization: the database lets nobody go who is in one.
        organization_member::Entity::delete_many()
            .filter(organization_member::Column::OrganizationId.eq(id))
            .filter(organization_member::Column::UserId.eq(leaver.id))
            .exec(&**tx)
            .await?;
        Event::MemberLeft {
            member: MemberSnapshot {
                user: leaver.id,
                name: leaver.name.clone(),
                email: leaver.email.clone(),
                role,
            },
        }
    };
    trail::append(&**tx, id, &person.actor(), &event, person.now()).await
}
