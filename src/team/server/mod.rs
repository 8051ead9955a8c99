//! Who is in an organization, and how one gets in and out.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    access::{Capability, Role, can, server::Grant},
    billing::Limit,
    entity::{invitation, organization_member, user},
    error::AppError,
    id::UserId,
    organizations::model::Usage,
    paging::{Place, Slice},
    server::{database::ReadTx, paging::outwards},
    team::model::{InvitationRow, MemberRow, Team},
};

pub mod accepting;
pub mod invitations;
pub mod letters;
pub mod members;

/// # Errors
/// If the database fails.
pub async fn team(grant: &Grant<can::ViewMembers>) -> Result<Team, AppError> {
    let db = grant.read().await?;
    let now = grant.now();
    let members = members(grant, &db).await?;
    let invitations = pending(grant, &db, &members).await?;
    let held = invitations
        .iter()
        .filter(|row| row.expires_at > now)
        .count();
    let used = (members.len() + held) as u64;
    let may_invite = grant.role().may(Capability::InviteMember);
    Ok(Team {
        members,
        invitations: if may_invite { invitations } else { Vec::new() },
        seats: Usage {
            used,
            quota: grant.entitlements().quota(Limit::Members),
        },
        now,
    })
}

/// A page of the members, those who came last first, each with the key that
/// the list is paged by.
///
/// # Errors
/// If the database fails.
pub async fn slice(
    grant: &Grant<can::ViewMembers>,
    place: Place<Uuid>,
    size: u64,
) -> Result<Slice<(Uuid, MemberRow)>, AppError> {
    let db = grant.read().await?;
    let me = grant.agent().user();
    let found = grant.find::<organization_member::Entity>();
    let rows = outwards(found, organization_member::Column::Id, place, size)
        .find_also_related(user::Entity)
        .all(&db)
        .await?;
    let rows = rows
        .into_iter()
        .filter_map(|(member, user)| Some((member.id, row(member, user?, me))));
    Ok(Slice::at(&place, rows.collect(), size))
}

fn row(member: organization_member::Model, user: user::Model, me: UserId) -> MemberRow {
    MemberRow {
        is_me: user.id == me,
        user: user.id,
        name: user.name,
        email: user.email,
        role: member.role,
        joined_at: member.joined_at,
    }
}

async fn members(grant: &Grant<can::ViewMembers>, db: &ReadTx) -> Result<Vec<MemberRow>, AppError> {
    let rows = grant
        .find::<organization_member::Entity>()
        .find_also_related(user::Entity)
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Email)
        .all(db)
        .await?;
    let me = grant.agent().user();
    let mut members: Vec<MemberRow> = rows
        .into_iter()
        .filter_map(|(member, user)| Some(row(member, user?, me)))
        .collect();
    members.sort_by_key(|member| Role::ALL.iter().position(|role| *role == member.role));
    Ok(members)
}

/// The newest first.
async fn pending(
    grant: &Grant<can::ViewMembers>,
    db: &ReadTx,
    members: &[MemberRow],
) -> Result<Vec<InvitationRow>, AppError> {
    let rows = invitations::pending(grant.find())
        .order_by_desc(invitation::Column::SentAt)
        .order_by_desc(invitation::Column::Id)
        .all(db)
        .await?;
    let inviters = rows.iter().map(|row| row.invited_by);
    let inviters = user::Entity::find()
        .filter(user::Column::Id.is_in(inviters))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| InvitationRow {
            id: row.id,
            email: row.email,
            role: row.role,
            is_void: !invitations::may_invite(
                members
                    .iter()
                    .find(|member| member.user == row.invited_by)
                    .map(|member| member.role),
                row.role,
            ),
            invited_by: inviters
                .iter()
                .find(|user| user.id == row.invited_by)
                .map(|user| user.name.clone()),
            sent_at: row.sent_at,
            expires_at: row.expires_at,
        })
        .collect())
}
