//! Ways out of an organization.

use atrium::{
    access::{Capability, Role},
    error::{AppError, Conflict, Problem},
    organizations::api::MyOrganizations,
    projects::{api::CreateProject, model::NewProject},
    team::api::{GetTeam, LeaveOrganization, RemoveMember, TransferOrganization},
};

use crate::world::{World, acme};

#[tokio::test]
async fn an_organization_is_transferred_and_left() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let member = w.member_of("acme", Role::Member).await;
    let to = w.user("member@acme.test").await;
    let leave = || LeaveOrganization { org: acme() };
    let last = AppError::Conflict {
        conflict: Conflict::LastOwner,
    };
    assert_eq!(owner.call(leave()).await, Err(last));
    let transfer = |member, confirmation: &str| TransferOrganization {
        org: acme(),
        member,
        confirmation: confirmation.into(),
    };
    let own = w.user("owner@acme.test").await;
    let stranger = w.account("stranger@example.com").await;
    for (member, confirmation, refusal) in [
        (
            to,
            "acm",
            AppError::invalid("confirmation", Problem::NotTheSame),
        ),
        (own, "acme", AppError::invalid("member", Problem::Yourself)),
        (stranger, "acme", AppError::NotFound),
    ] {
        assert_eq!(
            owner.call(transfer(member, confirmation)).await,
            Err(refusal)
        );
    }
    owner.call(transfer(to, "acme")).await.unwrap();
    let roles = [("member", Role::Owner), ("owner", Role::Admin)];
    let roles = roles.map(|(name, role)| (name.to_owned(), role));
    assert_eq!(w.roles("acme").await, roles);
    let needs = Capability::TransferOrganization;
    assert_eq!(
        owner.call(transfer(own, "acme")).await,
        Err(AppError::Forbidden { needs })
    );
    owner.call(leave()).await.unwrap();
    assert_eq!(owner.call(MyOrganizations {}).await, Ok(Vec::new()));
    assert_eq!(
        owner.call(GetTeam { org: acme() }).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        member
            .call(GetTeam { org: acme() })
            .await
            .unwrap()
            .members
            .len(),
        1
    );
    let actions: Vec<_> = w
        .audit("acme")
        .await
        .into_iter()
        .map(|row| row.action)
        .collect();
    assert_eq!(
        actions[actions.len() - 2..],
        ["organization.transferred", "member.left"]
    );
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let member = w.member_of("acme", Role::Member).await;
    assert_eq!(member.get("/app/acme").await.status, 200);
    let id = w.user("member@acme.test").await;
    let remove = || RemoveMember {
        org: acme(),
        member: id,
    };
    owner.call(remove()).await.unwrap();
    let new = NewProject {
        name: "Late".into(),
        description: String::new(),
    };
    let late = CreateProject { org: acme(), new };
    assert_eq!(member.call(late).await, Err(AppError::NotFound));
    assert_eq!(member.get("/app/acme").await.status, 404);
    assert_eq!(owner.call(remove()).await, Err(AppError::NotFound));
    assert_eq!(w.count_of("acme", "member.removed").await, 1);
}
