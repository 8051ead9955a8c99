//! Two who do something at the same moment: one right state, one row each.

use atrium::{
    access::Role,
    billing::{Limit, Plan},
    error::{AppError, Conflict},
    id::UserId,
    projects::{api::CreateProject, model::NewProject},
    team::api::{AcceptInvitation, ChangeRole, LeaveOrganization, RemoveMember},
};

use crate::world::{Browser, World, acme};

const ROUNDS: usize = 100;

fn last_owner() -> AppError {
    AppError::Conflict {
        conflict: Conflict::LastOwner,
    }
}

/// Somebody else who owns the organization, and the ids of both.
async fn second_owner(w: &World) -> (Browser, [UserId; 2]) {
    let second = w.person("second@acme.test").await;
    let ids = [
        w.user("owner@acme.test").await,
        w.user("second@acme.test").await,
    ];
    w.join("acme", ids[1], Role::Owner).await;
    (second, ids)
}

/// Makes both owners again, whatever they did to each other.
async fn own_again(w: &World, ids: [UserId; 2]) {
    for id in ids {
        w.expel("acme", id).await;
        w.join("acme", id, Role::Owner).await;
    }
}

async fn owners(w: &World) -> usize {
    let roles = w.roles("acme").await.into_iter();
    roles.filter(|(_, role)| *role == Role::Owner).count()
}

#[tokio::test]
async fn of_two_owners_who_demote_each_other_one_stays() {
    let w = World::new().await;
    let first = w.owner_of("acme").await;
    let (second, ids) = second_owner(&w).await;
    for round in 0..ROUNDS {
        let demote = |member| ChangeRole {
            org: acme(),
            member,
            role: Role::Admin,
        };
        let (a, b) = tokio::join!(first.call(demote(ids[1])), second.call(demote(ids[0])));
        let ends = [a, b];
        let done = ends.iter().filter(|end| end.is_ok()).count();
        assert_eq!(done, 1, "round {round}: {ends:?}");
        for refused in ends.into_iter().filter_map(Result::err) {
            // Before the door or behind it.
            assert!([403, 409].contains(&refused.status()), "{refused:?}");
        }
        assert_eq!(owners(&w).await, 1);
        own_again(&w, ids).await;
    }
    assert_eq!(w.count_of("acme", "member.role_changed").await, ROUNDS);
}

#[tokio::test]
async fn of_two_owners_who_go_at_once_one_stays() {
    let w = World::new().await;
    let first = w.owner_of("acme").await;
    let (second, ids) = second_owner(&w).await;
    for round in 0..ROUNDS {
        let leave = || LeaveOrganization { org: acme() };
        let step_down = ChangeRole {
            org: acme(),
            member: ids[1],
            role: Role::Viewer,
        };
        let (a, b) = tokio::join!(first.call(leave()), second.call(step_down));
        let ends = [a, b];
        assert_eq!(
            ends.iter().filter(|end| end.is_ok()).count(),
            1,
            "round {round}: {ends:?}"
        );
        assert!(ends.contains(&Err(last_owner())), "round {round}: {ends:?}");
        assert_eq!(owners(&w).await, 1);
        own_again(&w, ids).await;
    }
    let left = w.count_of("acme", "member.left").await;
    let stepped_down = w.count_of("acme", "member.role_changed").await;
    assert_eq!(left + stepped_down, ROUNDS);
}

#[tokio::test]
async fn an_invitation_that_is_accepted_twice_at_once_makes_one_member() {
    let w = World::new().await;
    w.owner_of("acme").await;
    w.put_on("acme", Plan::Enterprise).await;
    let owner = w.user("owner@acme.test").await;
    let ada = w.person("ada@example.com").await;
    let id = w.user("ada@example.com").await;
    for round in 0..ROUNDS {
        let token = w
            .invitation("acme", "ada@example.com", Role::Member, owner)
            .await;
        let accept = || AcceptInvitation {
            token: token.clone(),
        };
        let (a, b) = tokio::join!(ada.call(accept()), ada.call(accept()));
        assert_eq!((a, b), (Ok(acme()), Ok(acme())), "round {round}");
        assert_eq!(w.roles("acme").await.len(), 2);
        w.expel("acme", id).await;
    }
    assert_eq!(w.count_of("acme", "member.accepted_invite").await, ROUNDS);
}

#[tokio::test]
async fn the_last_seat_is_taken_once() {
    let w = World::new().await;
    w.owner_of("acme").await;
    w.put_on("acme", Plan::Starter).await;
    let owner = w.user("owner@acme.test").await;
    for role in [Role::Admin, Role::Member, Role::Viewer] {
        w.member_of("acme", role).await;
    }
    let people = [
        w.person("ada@example.com").await,
        w.person("bob@example.com").await,
    ];
    let ids = [
        w.user("ada@example.com").await,
        w.user("bob@example.com").await,
    ];
    for round in 0..ROUNDS {
        let tokens = [
            w.invitation("acme", "ada@example.com", Role::Member, owner)
                .await,
            w.invitation("acme", "bob@example.com", Role::Member, owner)
                .await,
        ];
        let [a, b] = tokens.map(|token| AcceptInvitation { token });
        let (a, b) = tokio::join!(people[0].call(a), people[1].call(b));
        let full = AppError::LimitReached {
            limit: Limit::Members,
            max: 5,
        };
        let ends = [a, b];
        assert!(
            ends.contains(&Ok(acme())) && ends.contains(&Err(full)),
            "round {round}: {ends:?}"
        );
        assert_eq!(w.roles("acme").await.len(), 5);
        for id in ids {
            w.expel("acme", id).await;
        }
        w.forget_invitations("acme").await;
    }
    assert_eq!(w.count_of("acme", "member.accepted_invite").await, ROUNDS);
}

#[tokio::test]
async fn whoever_is_removed_acts_before_or_not_at_all() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", Plan::Enterprise).await;
    let member = w.member_of("acme", Role::Member).await;
    let id = w.user("member@acme.test").await;
    let mut made = 0;
    for round in 0..ROUNDS {
        let new = NewProject {
            name: format!("Project {round}"),
            description: String::new(),
        };
        let act = CreateProject { org: acme(), new };
        let remove = RemoveMember {
            org: acme(),
            member: id,
        };
        let (acted, removed) = tokio::join!(member.call(act), owner.call(remove));
        assert_eq!(removed, Ok(()), "round {round}");
        match acted {
            Ok(_) => made += 1,
            Err(refused) => assert_eq!(refused, AppError::NotFound, "round {round}"),
        }
        assert_eq!(w.roles("acme").await.len(), 1);
        w.join("acme", id, Role::Member).await;
    }
    assert_eq!(w.count_of("acme", "project.created").await, made);
    assert_eq!(w.count_of("acme", "member.removed").await, ROUNDS);
    // In the order of the log, nobody did anything after they were removed.
    let mut rows = w.audit("acme").await;
    rows.retain(|row| matches!(row.action.as_str(), "project.created" | "member.removed"));
    let mut projects = 0;
    let mut removals = 0;
    for row in rows {
        if row.action == "member.removed" {
            removals += 1;
        } else {
            projects += 1;
            let name = row.metadata["name"].as_str().unwrap().to_owned();
            assert_eq!(name, format!("Project {removals}"));
        }
    }
    assert_eq!((projects, removals), (made, ROUNDS));
}

/// Both are let in by the door, and wait before the organization: whoever comes
/// second is told that things have changed.
#[tokio::test]
async fn behind_the_door_the_second_is_told_of_the_first() {
    let w = World::new().await;
    let first = w.owner_of("acme").await;
    let (second, ids) = second_owner(&w).await;
    let demote = |member| ChangeRole {
        org: acme(),
        member,
        role: Role::Admin,
    };
    let lock = w.lock_organization("acme").await;
    let both = async { tokio::join!(first.call(demote(ids[1])), second.call(demote(ids[0]))) };
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        drop(lock);
    };
    let ((a, b), ()) = tokio::join!(both, release);
    let changed = AppError::Conflict {
        conflict: Conflict::RoleChanged,
    };
    let ends = [a, b];
    assert!(
        ends.contains(&Ok(())) && ends.contains(&Err(changed)),
        "{ends:?}"
    );
}
