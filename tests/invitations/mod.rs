//! Invitations, from the form to the member.

use atrium::{
    access::Role,
    billing::Plan,
    error::AppError,
    id::{OrgSlug, UserId},
    team::{
        api::{AcceptInvitation, GetTeam, InviteMembers, LookAtInvitation},
        model::{InvitationRow, InvitationState, NewInvitations},
    },
};

use crate::world::{Browser, PASSWORD, World, acme};

mod accepting;
mod inviting;

async fn invite(who: &Browser, emails: &str, role: Role) -> Result<(), AppError> {
    let new = NewInvitations {
        emails: emails.into(),
        role,
    };
    who.call(InviteMembers { org: acme(), new }).await
}

async fn accept(who: &Browser, token: &str) -> Result<OrgSlug, AppError> {
    let token = token.to_owned();
    who.call(AcceptInvitation { token }).await
}

async fn pending(who: &Browser) -> Vec<InvitationRow> {
    who.call(GetTeam { org: acme() }).await.unwrap().invitations
}

/// The token in the newest mail to an address.
async fn mailed(w: &World, email: &str) -> String {
    let link = w.newest_mail_to(email).await.link();
    link.strip_prefix("/invitations/").unwrap().to_owned()
}

/// An organization on a plan with seats, and its owner.
async fn team(w: &World) -> (Browser, UserId) {
    let owner = w.owner_of("acme").await;
    w.put_on("acme", Plan::Starter).await;
    (owner, w.user("owner@acme.test").await)
}

/// Somebody signed in anew: sessions end after some days without use.
async fn again(w: &World, email: &str) -> Browser {
    let browser = w.visitor();
    browser.sign_in(email, PASSWORD).await.unwrap();
    browser
}

async fn state(who: &Browser, token: &str) -> InvitationState {
    let token = token.to_owned();
    who.call(LookAtInvitation { token }).await.unwrap().state
}
