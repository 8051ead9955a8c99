//! Every change writes its row of the audit log, and nothing else does.

use std::collections::BTreeSet;

use atrium::{
    access::Role,
    api_keys::{
        api::{CreateApiKey, ListApiKeys, RevokeApiKey, RotateApiKey},
        model::{NewKey, Overlap},
    },
    audit::model::Event,
    billing::{Plan, SubscriptionStatus},
    error::{AppError, Problem},
    organizations::api::{
        ChangeOrganizationSlug, ContinueOnFree, DeleteOrganization, DismissChecklist,
        RenameOrganization,
    },
    projects::{
        api::{
            CreateEnvironment, CreateProject, DeleteArtifact, DeleteEnvironment, DeleteProject,
            GetProject, MoveDeployment, RenameEnvironment, UpdateProject,
        },
        model::{DeploymentStatus, NewEnvironment},
    },
    team::{
        api::{
            AcceptInvitation, ChangeRole, GetTeam, InviteMembers, LeaveOrganization, RemoveMember,
            ResendInvitation, RevokeInvitation, TransferOrganization,
        },
        model::NewInvitations,
    },
};

use crate::world::{PASSWORD, World, acme, project};

fn environment(name: &str) -> NewEnvironment {
    NewEnvironment { name: name.into() }
}

/// Does all there is to do in an organization, one after the other. Each must
/// write one row.
#[tokio::test]
async fn every_event_is_written_by_a_change_and_every_change_writes_one() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", Plan::Enterprise).await;
    let organization = w.organization("acme").await.id;
    let mut rows = 1;
    macro_rules! change {
        ($call:expr) => {{
            let done = owner.call($call).await.unwrap();
            rows += 1;
            assert_eq!(
                w.audit_of(organization).await.len(),
                rows,
                "{}",
                stringify!($call)
            );
            done
        }};
    }
    let id = w.user("owner@acme.test").await;
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    rows += 1;
    change!(RenameOrganization {
        org: acme(),
        name: "Acme".into()
    });
    change!(ChangeOrganizationSlug {
        org: acme(),
        slug: "acme-2".into()
    });
    let back = ChangeOrganizationSlug {
        org: "acme-2".to_owned().into(),
        slug: "acme".into(),
    };
    owner.call(back).await.unwrap();
    rows += 1;
    assert!(owner.send_image("acme").await.status.is_success());
    rows += 1;
    change!(DismissChecklist { org: acme() });
    let made = change!(CreateProject {
        org: acme(),
        new: project("Storefront")
    })
    .id;
    change!(UpdateProject {
        org: acme(),
        project: made,
        new: project("Shop")
    });
    change!(CreateEnvironment {
        org: acme(),
        project: made,
        new: environment("preview")
    });
    let preview = owner
        .call(GetProject {
            org: acme(),
            project: made,
            query: Default::default(),
        })
        .await
        .unwrap()
        .environments[1]
        .environment
        .id;
    change!(RenameEnvironment {
        org: acme(),
        environment: preview,
        new: environment("staging")
    });
    let deployment = w.deployment(&owner, made).await;
    rows += 1;
    change!(MoveDeployment {
        org: acme(),
        deployment,
        status: DeploymentStatus::Building
    });
    let path = format!("/api/app/acme/deployments/{deployment}/artifact");
    owner.send_file(&path, "x.txt", b"bytes").await;
    rows += 1;
    change!(DeleteArtifact {
        org: acme(),
        deployment
    });
    change!(DeleteEnvironment {
        org: acme(),
        environment: preview,
        confirmation: "staging".into()
    });
    change!(CreateApiKey {
        org: acme(),
        new: NewKey {
            name: "CI".into(),
            deploy: true,
            ..NewKey::default()
        }
    });
    let key = owner.call(ListApiKeys { org: acme() }).await.unwrap().rows[0].id;
    change!(RotateApiKey {
        org: acme(),
        key,
        overlap: Overlap::Day
    });
    change!(RevokeApiKey { org: acme(), key });
    change!(DeleteProject {
        org: acme(),
        project: made,
        confirmation: "Shop".into()
    });
    let new = |emails: &str| NewInvitations {
        emails: emails.into(),
        role: Role::Member,
    };
    change!(InviteMembers {
        org: acme(),
        new: new("gone@x.co")
    });
    let invitation = owner
        .call(GetTeam { org: acme() })
        .await
        .unwrap()
        .invitations[0]
        .id;
    change!(ResendInvitation {
        org: acme(),
        invitation
    });
    change!(RevokeInvitation {
        org: acme(),
        invitation
    });
    let ada = w.person("ada@example.com").await;
    let member = w.user("ada@example.com").await;
    for _ in 0..2 {
        let token = w
            .invitation("acme", "ada@example.com", Role::Member, id)
            .await;
        ada.call(AcceptInvitation { token }).await.unwrap();
        rows += 1;
        if w.count_of("acme", "member.left").await == 0 {
            ada.call(LeaveOrganization { org: acme() }).await.unwrap();
            rows += 1;
        }
    }
    change!(ChangeRole {
        org: acme(),
        member,
        role: Role::Viewer
    });
    w.let_stand("acme", SubscriptionStatus::Canceled).await;
    change!(ContinueOnFree { org: acme() });
    let transfer = |member| TransferOrganization {
        org: acme(),
        member,
        confirmation: "acme".into(),
    };
    change!(transfer(member));
    ada.call(transfer(id)).await.unwrap();
    rows += 1;
    change!(RemoveMember {
        org: acme(),
        member
    });
    let delete = DeleteOrganization {
        org: acme(),
        confirmation: "acme".into(),
    };
    owner.call(delete).await.unwrap();
    rows += 1;
    let log = w.audit_of(organization).await;
    assert_eq!(log.len(), rows);
    let written: BTreeSet<&str> = log.iter().map(|row| row.action.as_str()).collect();
    let is_paid = |action: &&str| action.starts_with("billing.");
    let expected = Event::ACTIONS.iter().copied();
    let expected =
        expected.filter(|action| !is_paid(action) || *action == "billing.continued_on_free");
    assert_eq!(written, expected.collect());
    assert_eq!(w.broken_chains().await, []);
    for action in Event::ACTIONS {
        assert_ne!(Event::words(action), *action, "{action} is said in words");
    }
}

#[tokio::test]
async fn what_is_refused_or_changes_nothing_leaves_no_row() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    owner
        .call(CreateProject {
            org: acme(),
            new: project("One"),
        })
        .await
        .unwrap();
    let before = w.audit("acme").await.len();
    let taken = owner
        .call(CreateProject {
            org: acme(),
            new: project("One"),
        })
        .await;
    assert_eq!(
        taken.map(drop),
        Err(AppError::invalid("new[name]", Problem::Taken))
    );
    owner
        .call(CreateProject {
            org: acme(),
            new: project("Two"),
        })
        .await
        .unwrap();
    let full = owner
        .call(CreateProject {
            org: acme(),
            new: project("Three"),
        })
        .await;
    assert!(
        matches!(full, Err(AppError::LimitReached { .. })),
        "{full:?}"
    );
    let same = RenameOrganization {
        org: acme(),
        name: "ACME".into(),
    };
    owner.call(same).await.unwrap();
    assert_eq!(
        owner
            .call(LeaveOrganization { org: acme() })
            .await
            .map_err(|e| e.status()),
        Err(409)
    );
    assert_eq!(w.audit("acme").await.len(), before + 1);
    assert_eq!(w.broken_chains().await, []);
}

#[tokio::test]
async fn a_row_says_where_it_is_from_behind_proxies() {
    let w = World::with(&["--trusted-proxy-hops", "1"]).await;
    let owner = w.owner_of("acme").await;
    let body = "org=acme&new[name]=One";
    let request = owner
        .raw()
        .post(owner.at("/_fn/create_project"))
        .header("sec-fetch-site", "same-origin")
        .header("user-agent", "curl/8.5.0")
        .header("x-forwarded-for", "6.6.6.6, 203.0.113.9")
        .header("content-type", "application/x-www-form-urlencoded");
    assert!(
        request
            .body(body)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let log = w.audit("acme").await;
    let row = log.last().unwrap();
    assert_eq!(row.ip.as_deref(), Some("203.0.113.9"));
    assert_eq!(row.user_agent.as_deref(), Some("curl/8.5.0"));
}
