//! What becomes of an invitation once its link is opened.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use super::invitations::may_invite;
use crate::{
    access::{
        Role,
        server::{OrgTx, Person, Visitor},
    },
    audit::model::{Event, MemberSnapshot},
    billing::Limit,
    entity::{invitation, organization, organization_member, user},
    error::{AppError, Conflict},
    id::{OrgId, OrgSlug, UserId},
    server::{
        database::{ReadTx, Scope},
        services::Services,
        token,
    },
    team::model::{InvitationState, InvitationView},
};

/// What the invitation of that token says to whoever looks at it.
///
/// # Errors
/// `LinkExpired` if there is none, or no longer.
pub async fn look(visitor: &Visitor, secret: &str) -> Result<InvitationView, AppError> {
    let services = &visitor.services;
    let invitation = of_bearer(services, secret).await?;
    let db = services
        .db
        .read(Scope::Tenant(invitation.organization_id))
        .await?;
    let organization = organization::Entity::find_by_id(invitation.organization_id)
        .one(&db)
        .await?
        .ok_or(AppError::LinkExpired)?;
    let inviter = user::Entity::find_by_id(invitation.invited_by)
        .one(&db)
        .await?;
    let state = state(visitor, &db, &invitation, &organization).await?;
    Ok(InvitationView {
        organization: organization.name,
        inviter: inviter.map_or_else(|| "Someone".to_owned(), |user| user.name),
        role: invitation.role,
        email: invitation.email,
        state,
    })
}

async fn of_bearer(services: &Services, secret: &str) -> Result<invitation::Model, AppError> {
    let hash = token::hash(secret);
    let db = services.db.read(Scope::Bearer(hash.clone())).await?;
    invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(hash))
        .one(&db)
        .await?
        .ok_or(AppError::LinkExpired)
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
    let members = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization.id))
        .count(db)
        .await?;
    let quota = organization.plan.quota(Limit::Members);
    Ok(if quota.admits_one_beside(members) {
        InvitationState::Ready
    } else {
        InvitationState::Full
    })
}

async fn role_of(db: &ReadTx, organization: OrgId, user: UserId) -> Result<Option<Role>, AppError> {
    let member = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(organization))
        .filter(organization_member::Column::UserId.eq(user))
        .one(db)
        .await?;
    Ok(member.map(|member| member.role))
}

/// Makes the person a member. Whoever accepts twice is one already.
///
/// # Errors
/// `LinkExpired` if it was used, revoked or has expired; `Conflict` if it is for
/// somebody else or its inviter may not invite any more; `LimitReached` if all
/// seats are taken.
pub async fn accept(person: &Person, secret: &str) -> Result<OrgSlug, AppError> {
    let found = of_bearer(person.services(), secret).await?;
    let joined = OrgTx::join(person, found.organization_id).await;
    let (tx, account) = joined.map_err(|error| match error {
        AppError::NotFound => AppError::LinkExpired,
        other => other,
    })?;
    // Under the lock of the organization it may be another than a moment ago.
    let invitation = tx
        .find::<invitation::Entity>()
        .filter(invitation::Column::Id.eq(found.id))
        .filter(invitation::Column::TokenHash.eq(token::hash(secret)))
        .one(&*tx)
        .await?
        .ok_or(AppError::LinkExpired)?;
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
