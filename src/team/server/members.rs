//! Changing what a member is, and ways out of an organization.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    access::{
        Capability, Role,
        can::{self, InAnyStanding},
        server::{Grant, OrgTx},
    },
    audit::model::{Event, MemberSnapshot},
    entity::{organization_member, user},
    error::{AppError, Problem},
    id::UserId,
};

/// # Errors
/// `NotFound`; `Outranked`; `Conflict` for the last owner.
pub async fn change_role(
    grant: &Grant<can::UpdateRole>,
    id: UserId,
    role: Role,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let member = member(&tx, id).await?;
    let own = tx.role()?;
    if !own.may_act_on(member.role) || !own.may_grant(role) {
        return Err(AppError::Outranked {
            needs: Capability::UpdateRole,
        });
    }
    if member.role == role {
        return Ok(());
    }
    if member.role == Role::Owner {
        tx.keep_an_owner(id).await?;
    }
    set_role(&tx, id, role).await?;
    tx.commit(Event::RoleChanged {
        member,
        after: role,
    })
    .await
}

/// # Errors
/// `NotFound`; `Outranked`; `Conflict` for the last owner.
pub async fn remove(grant: &Grant<can::RemoveMember>, id: UserId) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let member = member(&tx, id).await?;
    if id == tx.person() {
        return go(tx, member).await;
    }
    if !tx.role()?.may_act_on(member.role) {
        return Err(AppError::Outranked {
            needs: Capability::RemoveMember,
        });
    }
    // Whoever removes an owner is one, and stays.
    delete(&tx, id).await?;
    tx.commit(Event::MemberRemoved { member }).await
}

/// # Errors
/// `Conflict` for the last owner.
pub async fn leave(grant: &Grant<InAnyStanding<can::ViewOrganization>>) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let member = member(&tx, tx.person()).await?;
    go(tx, member).await
}

async fn go(tx: OrgTx, member: MemberSnapshot) -> Result<(), AppError> {
    if member.role == Role::Owner {
        tx.keep_an_owner(member.user).await?;
    }
    delete(&tx, member.user).await?;
    tx.commit(Event::MemberLeft { member }).await
}

/// Makes a member the owner, and whoever does so an admin.
///
/// # Errors
/// `NotFound`; `Invalid` for oneself, or unless the slug is repeated.
pub async fn transfer(
    grant: &Grant<can::TransferOrganization>,
    to: UserId,
    confirmation: &str,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let organization = tx.organization();
    if confirmation.trim() != organization.slug.as_str() {
        return Err(AppError::invalid("confirmation", Problem::NotTheSame));
    }
    if to == tx.person() {
        return Err(AppError::invalid("member", Problem::Yourself));
    }
    let event = Event::OrganizationTransferred {
        organization: organization.id,
        from: member(&tx, tx.person()).await?,
        to: member(&tx, to).await?,
    };
    set_role(&tx, to, Role::Owner).await?;
    set_role(&tx, tx.person(), Role::Admin).await?;
    tx.commit(event).await
}

async fn member(tx: &OrgTx, id: UserId) -> Result<MemberSnapshot, AppError> {
    let (member, user) = tx
        .find::<organization_member::Entity>()
        .find_also_related(user::Entity)
        .filter(organization_member::Column::UserId.eq(id))
        .one(&**tx)
        .await?
        .ok_or(AppError::NotFound)?;
    let user = user.ok_or(AppError::NotFound)?;
    Ok(MemberSnapshot {
        user: id,
        name: user.name,
        email: user.email,
        role: member.role,
    })
}

async fn set_role(tx: &OrgTx, id: UserId, role: Role) -> Result<(), AppError> {
    organization_member::Entity::update_many()
        .col_expr(organization_member::Column::Role, Expr::value(role))
        .filter(organization_member::Column::OrganizationId.eq(tx.organization().id))
        .filter(organization_member::Column::UserId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

async fn delete(tx: &OrgTx, id: UserId) -> Result<(), AppError> {
    organization_member::Entity::delete_many()
        .filter(organization_member::Column::OrganizationId.eq(tx.organization().id))
        .filter(organization_member::Column::UserId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}
