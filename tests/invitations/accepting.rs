//! What becomes of an invitation.

use atrium::{
    access::Role,
    billing::{Limit, Plan},
    error::{AppError, Conflict},
    organizations::api::GetOrgContext,
    team::{
        api::{GetTeam, RevokeInvitation},
        model::InvitationState,
    },
};
use chrono::TimeDelta;

use super::{accept, again, invite, mailed, pending, state, team};
use crate::world::{Browser, World, acme};

#[tokio::test]
async fn whoever_is_invited_joins_by_the_link_in_the_mail() {
    let w = World::new().await;
    let (owner, _) = team(&w).await;
    let ada = w.person("ada@example.com").await;
    invite(&owner, "Ada@Example.com", Role::Admin)
        .await
        .unwrap();
    let mail = w.newest_mail_to("ada@example.com").await;
    assert_eq!(mail.subject, "Join ACME on Atrium");
    assert!(
        mail.text.contains("owner (owner@acme.test)"),
        "{}",
        mail.text
    );
    let token = mailed(&w, "ada@example.com").await;
    assert_eq!(state(&ada, &token).await, InvitationState::Ready);
    assert_eq!(
        state(&w.visitor(), &token).await,
        InvitationState::SignedOut
    );

    assert_eq!(accept(&ada, &token).await, Ok(acme()));
    assert_eq!(accept(&ada, &token).await, Ok(acme()), "twice is harmless");
    let context = ada.call(GetOrgContext { org: acme() }).await.unwrap();
    assert_eq!(context.org.role, Role::Admin);
    assert_eq!(state(&ada, &token).await, InvitationState::Member(acme()));
    assert_eq!(state(&w.visitor(), &token).await, InvitationState::Used);
    let actions: Vec<_> = w
        .audit("acme")
        .await
        .into_iter()
        .map(|row| row.action)
        .collect();
    assert_eq!(
        actions,
        [
            "organization.created",
            "member.invited",
            "member.accepted_invite"
        ]
    );
}

#[tokio::test]
async fn an_invitation_ends_after_seven_days_and_gives_its_seat_back() {
    let w = World::new().await;
    let (_, id) = team(&w).await;
    w.account("ada@example.com").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Member, id)
        .await;
    w.wait(TimeDelta::days(7) - TimeDelta::seconds(1));
    let (owner, ada) = (
        again(&w, "owner@acme.test").await,
        again(&w, "ada@example.com").await,
    );
    assert_eq!(state(&ada, &token).await, InvitationState::Ready);
    assert_eq!(
        owner
            .call(GetTeam { org: acme() })
            .await
            .unwrap()
            .seats
            .used,
        2
    );
    w.wait(TimeDelta::seconds(1));
    assert_eq!(state(&ada, &token).await, InvitationState::Expired);
    assert_eq!(accept(&ada, &token).await, Err(AppError::LinkExpired));
    assert_eq!(
        owner
            .call(GetTeam { org: acme() })
            .await
            .unwrap()
            .seats
            .used,
        1
    );
    let page = ada.get(&format!("/invitations/{token}")).await;
    assert_eq!(page.status, 410);
    assert!(page.body.contains("has expired"), "{}", page.body);
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_is_good_for_nothing() {
    let w = World::new().await;
    let (owner, id) = team(&w).await;
    let ada = w.person("ada@example.com").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Member, id)
        .await;
    let invitation = pending(&owner).await[0].id;
    let revoke = || RevokeInvitation {
        org: acme(),
        invitation,
    };
    owner.call(revoke()).await.unwrap();
    assert_eq!(owner.call(revoke()).await, Err(AppError::NotFound));
    assert_eq!(state(&ada, &token).await, InvitationState::Revoked);
    assert_eq!(accept(&ada, &token).await, Err(AppError::LinkExpired));
    assert_eq!(w.count_of("acme", "invitation.revoked").await, 1);
    // And the address can be invited anew.
    invite(&owner, "ada@example.com", Role::Member)
        .await
        .unwrap();
    let token = mailed(&w, "ada@example.com").await;
    assert_eq!(accept(&ada, &token).await, Ok(acme()));
}

#[tokio::test]
async fn an_invitation_is_for_one_address_and_offers_others_to_switch() {
    let w = World::new().await;
    let (_, id) = team(&w).await;
    let eve = w.person("eve@example.com").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Member, id)
        .await;
    let wrong = AppError::Conflict {
        conflict: Conflict::OtherAddress,
    };
    assert_eq!(accept(&eve, &token).await, Err(wrong));
    let page = eve.get(&format!("/invitations/{token}")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Switch account") && page.body.contains("eve@example.com"));
    let here = format!("/invitations/{token}");
    let fields = [("callback_url", here.as_str())];
    let sent = eve.form(&here, "/_fn/sign_out", &fields).await;
    assert_eq!(sent.status, 303);
    let back = sent.location();
    assert!(
        back.starts_with("/auth/signin?callbackUrl=") && back.ends_with(&token),
        "{back}"
    );
    assert_eq!(w.roles("acme").await.len(), 1);
}

#[tokio::test]
async fn an_invitation_is_void_once_its_inviter_may_not_invite() {
    let w = World::new().await;
    team(&w).await;
    let ada = w.person("ada@example.com").await;
    w.member_of("acme", Role::Admin).await;
    let admin = w.user("admin@acme.test").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Admin, admin)
        .await;
    let void = Err(AppError::Conflict {
        conflict: Conflict::InvitationVoid,
    });
    for role in [Some(Role::Member), None] {
        w.expel("acme", admin).await;
        if let Some(role) = role {
            w.join("acme", admin, role).await;
        }
        assert_eq!(state(&ada, &token).await, InvitationState::Void);
        assert_eq!(accept(&ada, &token).await, void);
    }
    w.join("acme", admin, Role::Admin).await;
    assert_eq!(accept(&ada, &token).await, Ok(acme()), "and good again");
}

#[tokio::test]
async fn seats_are_counted_again_when_an_invitation_is_accepted() {
    let w = World::new().await;
    let (_, id) = team(&w).await;
    let ada = w.person("ada@example.com").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Member, id)
        .await;
    w.put_on("acme", Plan::Free).await;
    assert_eq!(state(&ada, &token).await, InvitationState::Full);
    let full = AppError::LimitReached {
        limit: Limit::Members,
        max: 1,
    };
    assert_eq!(accept(&ada, &token).await, Err(full));
    w.put_on("acme", Plan::Starter).await;
    assert_eq!(accept(&ada, &token).await, Ok(acme()));
}

#[tokio::test]
async fn a_link_that_nobody_sent_leads_nowhere() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    for token in ["none", "", "x".repeat(43).as_str(), "%00", "../../etc"] {
        assert_eq!(
            accept(&ada, token).await,
            Err(AppError::LinkExpired),
            "{token}"
        );
    }
    assert_eq!(ada.get("/invitations/none").await.status, 410);
}

#[tokio::test]
async fn nobody_joins_an_organization_that_is_shut() {
    use atrium::billing::{Standing, SubscriptionStatus};
    let w = World::new().await;
    let (_, id) = team(&w).await;
    let ada = w.person("ada@example.com").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Member, id)
        .await;
    w.let_stand("acme", SubscriptionStatus::Unpaid).await;
    assert_eq!(state(&ada, &token).await, InvitationState::Closed);
    let standing = Standing::Suspended;
    assert_eq!(
        accept(&ada, &token).await,
        Err(AppError::Suspended { standing })
    );
    assert_eq!(w.roles("acme").await.len(), 1);
}

#[tokio::test]
async fn the_page_of_an_invitation_says_what_can_be_done() {
    let w = World::new().await;
    let (_, id) = team(&w).await;
    let ada = w.person("ada@example.com").await;
    let token = w
        .invitation("acme", "ada@example.com", Role::Member, id)
        .await;
    let path = format!("/invitations/{token}");
    let shows = async |who: &Browser, status: u16, words: &str| {
        let page = who.get(&path).await;
        assert_eq!(page.status.as_u16(), status, "{words}");
        assert!(page.body.contains(words), "{words}: {}", page.body);
    };
    shows(&w.visitor(), 200, "Create an account").await;
    shows(&ada, 200, "Accept invitation").await;
    w.put_on("acme", Plan::Free).await;
    shows(&ada, 200, "All seats of ACME are taken").await;
    w.let_stand("acme", atrium::billing::SubscriptionStatus::Paused)
        .await;
    shows(&ada, 200, "takes no new members just now").await;
    w.let_stand("acme", atrium::billing::SubscriptionStatus::Active)
        .await;
    w.put_on("acme", Plan::Starter).await;
    accept(&ada, &token).await.unwrap();
    shows(&ada, 200, "You are a member already").await;
    shows(&w.visitor(), 410, "was accepted already").await;
}
