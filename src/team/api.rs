//! The server functions of teams: a door and a call.

use leptos::prelude::*;

use super::model::{InvitationView, NewInvitations, Team};
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{
    access::Role,
    error::AppError,
    id::{InvitationId, OrgSlug, UserId},
};

#[server]
pub async fn get_team(org: OrgSlug) -> Result<Team, AppError> {
    super::server::team(&door::session(&org).await?).await
}

/// Invites several at once. Whoever was invited before is invited again.
#[server]
pub async fn invite_members(org: OrgSlug, new: NewInvitations) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::server::invitations::invite(&grant, new.check()?, new.role).await?;
    answer::toast(Toast::Invited);
    Ok(())
}

#[server]
pub async fn resend_invitation(org: OrgSlug, invitation: InvitationId) -> Result<(), AppError> {
    super::server::invitations::resend(&door::session(&org).await?, invitation).await?;
    answer::toast(Toast::Invited);
    Ok(())
}

#[server]
pub async fn revoke_invitation(org: OrgSlug, invitation: InvitationId) -> Result<(), AppError> {
    super::server::invitations::revoke(&door::session(&org).await?, invitation).await?;
    answer::toast(Toast::InvitationRevoked);
    Ok(())
}

/// What an invitation says to whoever opens its link; it changes nothing.
#[server]
pub async fn look_at_invitation(
    #[server(default)] token: String,
) -> Result<InvitationView, AppError> {
    super::server::accepting::look(&door::visitor()?, &token).await
}

#[server]
pub async fn accept_invitation(#[server(default)] token: String) -> Result<OrgSlug, AppError> {
    let slug = super::server::accepting::accept(&door::person()?, &token).await?;
    answer::toast(Toast::InvitationAccepted);
    answer::go_elsewhere(&format!("/app/{slug}"));
    Ok(slug)
}

#[server]
pub async fn change_role(org: OrgSlug, member: UserId, role: Role) -> Result<(), AppError> {
    super::server::members::change_role(&door::session(&org).await?, member, role).await?;
    answer::toast(Toast::RoleChanged);
    Ok(())
}

#[server]
pub async fn remove_member(org: OrgSlug, member: UserId) -> Result<(), AppError> {
    super::server::members::remove(&door::session(&org).await?, member).await?;
    answer::toast(Toast::MemberRemoved);
    Ok(())
}

#[server]
pub async fn leave_organization(org: OrgSlug) -> Result<(), AppError> {
    super::server::members::leave(&door::session(&org).await?).await?;
    answer::toast(Toast::OrganizationLeft);
    answer::go_elsewhere("/app");
    Ok(())
}

/// Makes a member the owner, and whoever does so an admin.
#[server]
pub async fn transfer_organization(
    org: OrgSlug,
    member: UserId,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    let grant = door::session(&org).await?;
    super::server::members::transfer(&grant, member, &confirmation).await?;
    answer::toast(Toast::OrganizationTransferred);
    answer::go(&format!("/app/{org}/settings/members"));
    Ok(())
}
