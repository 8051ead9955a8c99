//! Who may do what to whom: every role against every role.

use atrium::{
    access::{Capability, Role},
    billing::Plan,
    error::AppError,
    id::UserId,
    team::{
        api::{ChangeRole, InviteMembers, RemoveMember, TransferOrganization},
        model::NewInvitations,
    },
};

use crate::world::{Browser, World, acme};

use Role::{Admin, Member, Owner, Viewer};

/// What comes of it: done, or refused for the want of the capability, or of rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Done,
    Forbidden,
    Outranked,
}
use Ends::{Done, Forbidden, Outranked};

fn ended(result: Result<(), AppError>, capability: Capability) -> Ends {
    match result {
        Ok(()) => Done,
        Err(AppError::Forbidden { needs }) if needs == capability => Forbidden,
        Err(AppError::Outranked { needs }) if needs == capability => Outranked,
        Err(other) => panic!("{other:?}"),
    }
}

/// An organization with an actor in each role, and a target that is put into
/// each role before each try.
struct Stage {
    w: World,
    actors: [(Role, Browser); 4],
    target: UserId,
}

impl Stage {
    async fn new() -> Self {
        let w = World::new().await;
        let owner = w.owner_of("acme").await;
        w.put_on("acme", Plan::Enterprise).await;
        let actors = [
            (Owner, owner),
            (Admin, w.member_of("acme", Admin).await),
            (Member, w.member_of("acme", Member).await),
            (Viewer, w.member_of("acme", Viewer).await),
        ];
        let target = w.account("target@example.com").await;
        Self { w, actors, target }
    }

    async fn put(&self, role: Role) -> UserId {
        self.w.expel("acme", self.target).await;
        self.w.join("acme", self.target, role).await;
        self.target
    }

    async fn target_role(&self) -> Option<Role> {
        let roles = self.w.roles("acme").await;
        let target = roles.into_iter().find(|(name, _)| name == "target");
        target.map(|(_, role)| role)
    }
}

#[tokio::test]
async fn members_are_removed_by_those_above_them() {
    let stage = Stage::new().await;
    let expected = [
        (Owner, [Done, Done, Done, Done]),
        (Admin, [Outranked, Outranked, Done, Done]),
        (Member, [Forbidden; 4]),
        (Viewer, [Forbidden; 4]),
    ];
    for ((actor, who), (role, expected)) in stage.actors.iter().zip(expected) {
        assert_eq!(*actor, role);
        for (target, expected) in Role::ALL.into_iter().zip(expected) {
            let member = stage.put(target).await;
            let remove = RemoveMember {
                org: acme(),
                member,
            };
            let met = ended(who.call(remove).await, Capability::RemoveMember);
            assert_eq!(met, expected, "{actor:?} removes {target:?}");
            let left = (met != Done).then_some(target);
            assert_eq!(stage.target_role().await, left);
        }
    }
}

#[tokio::test]
async fn roles_are_changed_by_owners() {
    let stage = Stage::new().await;
    for (actor, who) in &stage.actors {
        for target in Role::ALL {
            for role in Role::ALL {
                let member = stage.put(target).await;
                let change = ChangeRole {
                    org: acme(),
                    member,
                    role,
                };
                let met = ended(who.call(change).await, Capability::UpdateRole);
                let expected = if *actor == Owner { Done } else { Forbidden };
                assert_eq!(met, expected, "{actor:?} makes {target:?} {role:?}");
                let now = if met == Done { role } else { target };
                assert_eq!(stage.target_role().await, Some(now));
            }
        }
    }
}

#[tokio::test]
async fn nobody_invites_to_a_role_above_their_own() {
    let stage = Stage::new().await;
    let expected = [
        (Owner, [Done, Done, Done, Done]),
        (Admin, [Outranked, Done, Done, Done]),
        (Member, [Forbidden; 4]),
        (Viewer, [Forbidden; 4]),
    ];
    for ((actor, who), (_, expected)) in stage.actors.iter().zip(expected) {
        for (role, expected) in Role::ALL.into_iter().zip(expected) {
            let emails = format!("{}-{}@x.co", actor.label(), role.label());
            let new = NewInvitations { emails, role };
            let sent = who.call(InviteMembers { org: acme(), new }).await;
            let met = ended(sent, Capability::InviteMember);
            assert_eq!(met, expected, "{actor:?} invites to {role:?}");
        }
    }
}

#[tokio::test]
async fn only_owners_hand_over() {
    let stage = Stage::new().await;
    let owner = stage.w.user("owner@acme.test").await;
    for target in Role::ALL {
        for (actor, who) in &stage.actors {
            let transfer = TransferOrganization {
                org: acme(),
                member: stage.put(target).await,
                confirmation: "acme".into(),
            };
            let met = ended(who.call(transfer).await, Capability::TransferOrganization);
            let expected = if *actor == Owner { Done } else { Forbidden };
            assert_eq!(met, expected, "{actor:?} hands over to {target:?}");
            if met == Done {
                assert_eq!(stage.target_role().await, Some(Owner));
                stage.w.expel("acme", owner).await;
                stage.w.join("acme", owner, Owner).await;
            }
        }
    }
}

/// An admin's hands are off an invitation to a role above their own, too.
#[tokio::test]
async fn invitations_to_owners_are_owners_business() {
    use atrium::team::api::{GetTeam, ResendInvitation, RevokeInvitation};
    let stage = Stage::new().await;
    let owner = stage.w.user("owner@acme.test").await;
    stage.w.invitation("acme", "next@x.co", Owner, owner).await;
    let [_, (_, admin), ..] = &stage.actors;
    let invitation = admin
        .call(GetTeam { org: acme() })
        .await
        .unwrap()
        .invitations[0]
        .id;
    let org = acme();
    let revoked = admin.call(RevokeInvitation { org, invitation }).await;
    assert_eq!(ended(revoked, Capability::InviteMember), Outranked);
    let org = acme();
    let resent = admin.call(ResendInvitation { org, invitation }).await;
    assert_eq!(ended(resent, Capability::InviteMember), Outranked);
    let new = NewInvitations {
        emails: "next@x.co".into(),
        role: Viewer,
    };
    let lowered = admin.call(InviteMembers { org: acme(), new }).await;
    assert_eq!(ended(lowered, Capability::InviteMember), Outranked);
}
