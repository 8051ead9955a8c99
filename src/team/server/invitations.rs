//! Inviting, inviting again, and taking an invitation back.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};

use super::letters::TeamLetter;
use crate::{
    access::{
        Can, Capability, Role, can,
        server::{Grant, OrgTx},
    },
    audit::model::Event,
    billing::Limit,
    entity::{invitation, organization_member, user},
    error::{AppError, Problem},
    id::{Email, InvitationId},
    server::{outbox, throttle},
    team::model::INVITATION_LIFETIME,
};

/// Of some invitations those that were neither accepted nor revoked.
pub(super) fn pending(some: Select<invitation::Entity>) -> Select<invitation::Entity> {
    some.filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
}

/// Invites all of them, or nobody. Whoever has an invitation gets a new one in
/// its place.
///
/// # Errors
/// `Outranked` for a role above one's own; `LimitReached` if there aren't as
/// many seats; `Invalid` for somebody who is a member; `TooManyTries`.
pub async fn invite(
    grant: &Grant<can::InviteMember>,
    emails: Vec<Email>,
    role: Role,
) -> Result<(), AppError> {
    slow_down(grant, &emails).await?;
    let tx = grant.begin().await?;
    may_grant(&tx, role)?;
    let_go(&tx).await?;
    let mut events = Vec::new();
    for email in emails {
        refuse_members(&tx, &email).await?;
        let before = pending(tx.find())
            .filter(invitation::Column::Email.eq(email.clone()))
            .one(&*tx)
            .await?;
        events.push(match before {
            Some(before) => renew(&tx, before, role).await?,
            None => create(&tx, email, role).await?,
        });
    }
    tx.commit_each(events).await
}

/// Sends an invitation again; the link that was sent before is good no more.
///
/// # Errors
/// `NotFound`; `Outranked`; `LimitReached` if it had expired and its seat is
/// taken; `TooManyTries`.
pub async fn resend(grant: &Grant<can::InviteMember>, id: InvitationId) -> Result<(), AppError> {
    let found = pending(grant.find())
        .filter(invitation::Column::Id.eq(id))
        .one(&grant.read().await?)
        .await?
        .ok_or(AppError::NotFound)?;
    slow_down(grant, &[found.email]).await?;
    let tx = grant.begin().await?;
    let before = in_tx(&tx, id).await?;
    let role = before.role;
    let event = renew(&tx, before, role).await?;
    tx.commit(event).await
}

/// Takes an invitation back: its link is good no more, and its seat is free.
///
/// # Errors
/// `NotFound`; `Outranked`.
pub async fn revoke(grant: &Grant<can::InviteMember>, id: InvitationId) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let before = in_tx(&tx, id).await?;
    may_grant(&tx, before.role)?;
    let revoked = invitation::ActiveModel {
        id: Set(id),
        revoked_at: Set(Some(tx.now())),
        ..Default::default()
    };
    invitation::Entity::update(revoked).exec(&*tx).await?;
    tx.commit(Event::InvitationRevoked {
        invitation: id,
        email: before.email,
        role: before.role,
    })
    .await
}

async fn in_tx(tx: &OrgTx, id: InvitationId) -> Result<invitation::Model, AppError> {
    pending(tx.find())
        .filter(invitation::Column::Id.eq(id))
        .one(&**tx)
        .await?
        .ok_or(AppError::NotFound)
}

/// For how long an invitation is kept that can't be accepted any more, so that
/// its link can say why.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Lets go of those that were over long ago.
async fn let_go(tx: &OrgTx) -> Result<(), AppError> {
    let long_ago = tx.now() - KEPT;
    invitation::Entity::delete_many()
        .filter(invitation::Column::OrganizationId.eq(tx.organization().id))
        .filter(invitation::Column::ExpiresAt.lte(long_ago))
        .exec(&**tx)
        .await?;
    Ok(())
}

async fn slow_down(grant: &Grant<can::InviteMember>, to: &[Email]) -> Result<(), AppError> {
    let (organization, account) = (grant.organization().id, grant.agent().user());
    let all = throttle::INVITE_BY_ORGANIZATION.by(&organization.to_string());
    let mut tries = vec![all.times(to.len())];
    for email in to {
        tries.push(throttle::INVITE_BY_ACCOUNT.by(&format!("{account} {email}")));
        tries.push(throttle::INVITE_BY_RECIPIENT.by(&format!("{organization} {email}")));
    }
    throttle::take(grant.agent().services(), &tries).await
}

fn may_grant(tx: &OrgTx, role: Role) -> Result<(), AppError> {
    if tx.role()?.may_grant(role) {
        Ok(())
    } else {
        Err(AppError::Outranked {
            needs: Capability::InviteMember,
        })
    }
}

async fn refuse_members(tx: &OrgTx, email: &Email) -> Result<(), AppError> {
    let members = tx
        .find::<organization_member::Entity>()
        .inner_join(user::Entity)
        .filter(user::Column::Email.eq(email.clone()))
        .count(&**tx)
        .await?;
    if members == 0 {
        return Ok(());
    }
    let problem = Problem::AlreadyAMember(email.to_string());
    Err(AppError::invalid("new[emails]", problem))
}

async fn create(tx: &OrgTx, email: Email, role: Role) -> Result<Event, AppError> {
    claim_seat(tx).await?;
    let (id, now) = (InvitationId::generate(), tx.now());
    invitation::Entity::insert(invitation::ActiveModel {
        id: Set(id),
        organization_id: Set(tx.organization().id),
        email: Set(email.clone()),
        role: Set(role),
        token_hash: Set(None),
        invited_by: Set(tx.person()),
        created_at: Set(now),
        sent_at: Set(now),
        expires_at: Set(now + INVITATION_LIFETIME),
        accepted_at: Set(None),
        accepted_by: Set(None),
        revoked_at: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    send(tx, id).await?;
    Ok(Event::MemberInvited {
        invitation: id,
        email,
        role,
    })
}

async fn renew(tx: &OrgTx, before: invitation::Model, role: Role) -> Result<Event, AppError> {
    may_grant(tx, before.role)?;
    let now = tx.now();
    if before.expires_at <= now {
        claim_seat(tx).await?;
    }
    let renewed = invitation::ActiveModel {
        id: Set(before.id),
        role: Set(role),
        token_hash: Set(None),
        invited_by: Set(tx.person()),
        sent_at: Set(now),
        expires_at: Set(now + INVITATION_LIFETIME),
        ..Default::default()
    };
    invitation::Entity::update(renewed).exec(&**tx).await?;
    send(tx, before.id).await?;
    Ok(Event::InvitationResent {
        invitation: before.id,
        email: before.email,
        before: before.role,
        after: role,
    })
}

async fn send(tx: &OrgTx, invitation: InvitationId) -> Result<(), AppError> {
    let letter = TeamLetter::Invitation {
        organization: tx.organization().id,
        invitation,
        sent_at: tx.now(),
    };
    outbox::post(&**tx, tx.now(), &letter).await
}

/// A seat is taken by every member, and by every invitation that can still be
/// accepted.
async fn claim_seat(tx: &OrgTx) -> Result<(), AppError> {
    let members = tx
        .find::<organization_member::Entity>()
        .count(&**tx)
        .await?;
    let invited = held(tx.find(), tx.now()).count(&**tx).await?;
    tx.claim_beside(Limit::Members, members + invited)
}

/// Those that hold a seat.
#[must_use]
pub fn held(found: Select<invitation::Entity>, now: DateTime<Utc>) -> Select<invitation::Entity> {
    pending(found).filter(invitation::Column::ExpiresAt.gt(now))
}

/// Whether somebody in that role could invite somebody to be that.
pub(super) fn may_invite(inviter: Option<Role>, role: Role) -> bool {
    inviter.is_some_and(|inviter| {
        inviter.may(can::InviteMember::CAPABILITY) && inviter.may_grant(role)
    })
}
