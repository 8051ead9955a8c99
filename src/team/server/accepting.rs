//! What becomes of an invitation once its link is opened.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use super::invitations::may_invite;
use crate::{
    access::{
        Role,
        server::{Bearer, OrgTx, Person, Visitor, bearer::Joining, memberships::role_of},
    },
    audit::model::{Event, MemberSnapshot},
    billing::{Entitlements, Limit},
    entity::{invitation, organization, organization_member, user},
    error::{AppError, Conflict},
    id::{OrgSlug, UserId},
    server::database::ReadTx,
    team::model::{InvitationState, InvitationView},
};

/// What the invitation of that token says to whoever looks at it.
///
/// # Errors
/// `LinkExpired` if there is none, or no longer.
pub async fn look(visitor: &Visitor, secret: &str) -> Result<InvitationView, AppError> {
    let bearer = Bearer::of(visitor, secret).await?;
    let invitation = bearer.invitation();
    let db = bearer.read(visitor).await?;
    let organization = organization::Entity::find_by_id(invitation.organization_id)
        .one(&db)
        .await?
        .ok_or(AppError::LinkExpired)?;
    let inviter = user::Entity::find_by_id(invitation.invited_by)
        .one(&db)
        .await?;
    Ok(InvitationView {
        inviter: inviter.map_or_else(|| "Someone".to_owned(), |user| user.name),
        role: invitation.role,
        email: invitation.email.clone(),
        state: state(visitor, &db, invitation, &organization).await?,
        organization: organization.name,
    })
}

async fn state(
    visitor: &Visitor,
    db: &ReadTx,
    invitation: &invitation::Model,
    organization: &organization::Model,
) -> Result<InvitationState, AppError> {
    let me = visitor.auth.user.as_ref();
    let my_role = match me {
        Some(me) => role_of(db, organization.id, me.id).await?,
        None => None,
    };
    if my_role.is_some() {
        return Ok(InvitationState::Member(organization.slug.clone()));
    }
    if invitation.revoked_at.is_some() {
        return Ok(InvitationState::Revoked);
    }
    if invitation.accepted_at.is_some() {
        return Ok(InvitationState::Used);
    }
    if invitation.expires_at <= visitor.now() {
        return Ok(InvitationState::Expired);
    }
    let inviter = role_of(db, organization.id, invitation.invited_by).await?;
    if !may_invite(inviter, invitation.role) {
        return Ok(InvitationState::Void);
    }
    let Some(me) = me else {
        return Ok(InvitationState::SignedOut);
    };
    if me.email != invitation.email {
        return Ok(InvitationState::WrongAccount(me.email.clone()));
    }
    if !organization.subscription_status.standing().is_open() {
        return Ok(InvitationState::Closed);
    }
    let members = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization.id))
        .count(db)
        .await?;
    let quota =
        Entitlements::of(organization.plan, organization.subscription_status).quota(Limit::Members);
    Ok(if quota.admits_one_beside(members) {
        InvitationState::Ready
    } else {
        InvitationState::Full
    })
}

/// Makes the person a member. Whoever accepts twice is one already.
///
/// # Errors
/// `LinkExpired` if it was used, revoked or has expired; `Conflict` if it is for
/// somebody else or its inviter may not invite any more; `LimitReached` if all
/// seats are taken; `Suspended`.
pub async fn accept(person: &Person, secret: &str) -> Result<OrgSlug, AppError> {
    let bearer = Bearer::of(person.visitor(), secret).await?;
    let Joining {
        tx,
        invitation,
        account,
    } = bearer.join(person).await?;
    let slug = tx.organization().slug.clone();
    let role = tx.role_of(account.id).await?;
    if invitation.accepted_at.is_some() {
        let is_mine = invitation.accepted_by == Some(account.id) && role.is_some();
        return is_mine.then_some(slug).ok_or(AppError::LinkExpired);
    }
    is_good(&tx, &invitation, &account).await?;
    let role = match role {
        Some(role) => role,
        None => join(&tx, account.id, invitation.role).await?,
    };
    consume(&tx, &invitation, account.id).await?;
    let member = MemberSnapshot {
        user: account.id,
        name: account.name,
        email: account.email,
        role,
    };
    tx.commit(Event::InvitationAccepted {
        invitation: invitation.id,
        member,
    })
    .await?;
    Ok(slug)
}

async fn is_good(
    tx: &OrgTx,
    invitation: &invitation::Model,
    account: &user::Model,
) -> Result<(), AppError> {
    if invitation.revoked_at.is_some() || invitation.expires_at <= tx.now() {
        return Err(AppError::LinkExpired);
    }
    if account.email != invitation.email || account.email_verified_at.is_none() {
        return Err(AppError::Conflict {
            conflict: Conflict::OtherAddress,
        });
    }
    let inviter = tx.role_of(invitation.invited_by).await?;
    if !may_invite(inviter, invitation.role) {
        return Err(AppError::Conflict {
            conflict: Conflict::InvitationVoid,
        });
    }
    Ok(())
}

/// Only members count here: the invitation's own seat becomes one of theirs.
async fn join(tx: &OrgTx, user: UserId, role: Role) -> Result<Role, AppError> {
    let members = tx
        .find::<organization_member::Entity>()
        .count(&**tx)
        .await?;
    tx.claim_beside(Limit::Members, members)?;
    organization_member::Entity::insert(organization_member::ActiveModel {
        id: Set(Uuid::now_v7()),
        organization_id: Set(tx.organization().id),
        user_id: Set(user),
        role: Set(role),
        joined_at: Set(tx.now()),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(role)
}

async fn consume(tx: &OrgTx, invitation: &invitation::Model, by: UserId) -> Result<(), AppError> {
    invitation::Entity::update_many()
        .col_expr(invitation::Column::AcceptedAt, Expr::value(tx.now()))
        .col_expr(invitation::Column::AcceptedBy, Expr::value(by))
        .filter(invitation::Column::OrganizationId.eq(tx.organization().id))
        .filter(invitation::Column::Id.eq(invitation.id))
        .exec(&**tx)
        .await?;
    Ok(())
}
