//! Several at once, within the plan, again and again.

use atrium::{
    access::Role,
    billing::{Limit, Plan},
    error::{AppError, Problem},
    id::OrgSlug,
    team::{
        api::{InviteMembers, ResendInvitation},
        model::NewInvitations,
    },
};
use chrono::TimeDelta;

use super::{accept, again, invite, mailed, pending, team};
use crate::world::{World, acme};

#[tokio::test]
async fn several_are_invited_at_once_or_nobody_is() {
    let w = World::new().await;
    let (owner, _) = team(&w).await;
    invite(&owner, "a@x.co, b@x.co\nc@x.co", Role::Member)
        .await
        .unwrap();
    assert_eq!(pending(&owner).await.len(), 3);
    let full = Err(AppError::LimitReached {
        limit: Limit::Members,
        max: 5,
    });
    assert_eq!(invite(&owner, "d@x.co e@x.co", Role::Member).await, full);
    assert_eq!(pending(&owner).await.len(), 3);
    assert_eq!(w.count_of("acme", "member.invited").await, 3);
    let member = AppError::invalid(
        "new[emails]",
        Problem::AlreadyAMember("owner@acme.test".into()),
    );
    assert_eq!(
        invite(&owner, "d@x.co owner@acme.test", Role::Member).await,
        Err(member)
    );
    assert_eq!(pending(&owner).await.len(), 3);
    invite(&owner, "d@x.co", Role::Member).await.unwrap();
    assert_eq!(invite(&owner, "e@x.co", Role::Member).await, full);
}

#[tokio::test]
async fn nobody_is_invited_on_a_plan_of_one() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let full = Err(AppError::LimitReached {
        limit: Limit::Members,
        max: 1,
    });
    assert_eq!(invite(&owner, "a@x.co", Role::Viewer).await, full);
}

#[tokio::test]
async fn inviting_again_renews_and_the_old_link_is_good_no_more() {
    let w = World::new().await;
    let (owner, _) = team(&w).await;
    w.account("ada@example.com").await;
    invite(&owner, "ada@example.com", Role::Viewer)
        .await
        .unwrap();
    let first = mailed(&w, "ada@example.com").await;
    w.wait(TimeDelta::days(6));
    invite(&owner, "ada@example.com", Role::Member)
        .await
        .unwrap();
    let second = mailed(&w, "ada@example.com").await;
    let id = pending(&owner).await[0].id;
    assert_eq!(pending(&owner).await.len(), 1);
    w.wait(TimeDelta::days(6));
    let owner = again(&w, "owner@acme.test").await;
    let resend = ResendInvitation {
        org: acme(),
        invitation: id,
    };
    owner.call(resend).await.unwrap();
    let third = mailed(&w, "ada@example.com").await;
    w.wait(TimeDelta::days(6));
    let ada = again(&w, "ada@example.com").await;
    for old in [first, second] {
        assert_eq!(accept(&ada, &old).await, Err(AppError::LinkExpired));
    }
    assert_eq!(accept(&ada, &third).await, Ok(acme()));
    assert_eq!(w.count_of("acme", "invitation.resent").await, 2);
    assert_eq!(w.roles("acme").await[0], ("ada".to_owned(), Role::Member));
}

#[tokio::test]
async fn only_those_who_may_invite_see_who_is_invited() {
    let w = World::new().await;
    let (owner, id) = team(&w).await;
    w.invitation("acme", "secret@example.com", Role::Member, id)
        .await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    assert_eq!(pending(&owner).await.len(), 1);
    assert_eq!(pending(&viewer).await, []);
    let page = viewer.get("/app/acme/settings/members").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("secret@example.com"));
}

#[tokio::test]
async fn one_organization_does_not_slow_down_another() {
    let w = World::new().await;
    let (owner, _) = team(&w).await;
    for _ in 0..6 {
        let sent = invite(&owner, "ada@example.com", Role::Member).await;
        assert!(
            matches!(sent, Ok(()) | Err(AppError::TooManyTries { .. })),
            "{sent:?}"
        );
    }
    let refused = invite(&owner, "ada@example.com", Role::Member).await;
    assert!(
        matches!(refused, Err(AppError::TooManyTries { .. })),
        "{refused:?}"
    );
    let other = w.owner_of("other").await;
    w.put_on("other", Plan::Starter).await;
    let new = NewInvitations {
        emails: "ada@example.com".into(),
        role: Role::Member,
    };
    let org = OrgSlug::parse("other").unwrap();
    assert_eq!(other.call(InviteMembers { org, new }).await, Ok(()));
}
