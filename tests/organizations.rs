//! Organizations: founded, found, changed and deleted.

use atrium::{
    access::{Capability, Role},
    billing::Limit,
    error::{AppError, Problem},
    id::OrgSlug,
    organizations::{
        api::{
            ChangeOrganizationSlug, CheckSlug, CreateOrganization, DeleteOrganization,
            DismissChecklist, FindLanding, GetOrgContext, MyOrganizations, RenameOrganization,
        },
        model::{Landing, NewOrganization, SlugStanding},
    },
};

use crate::world::{Browser, World};

fn slug(text: &str) -> OrgSlug {
    OrgSlug::parse(text).unwrap()
}

async fn found(who: &Browser, slug: &str) -> Result<OrgSlug, AppError> {
    who.call(CreateOrganization {
        new: NewOrganization {
            name: slug.to_uppercase(),
            slug: slug.into(),
        },
    })
    .await
}

#[tokio::test]
async fn whoever_founds_an_organization_owns_it() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    assert_eq!(ada.call(FindLanding {}).await, Ok(Landing::Found));
    assert_eq!(found(&ada, "acme").await, Ok(slug("acme")));
    let context = ada.call(GetOrgContext { org: slug("acme") }).await.unwrap();
    assert_eq!(
        (context.org.name.as_str(), context.org.role),
        ("ACME", Role::Owner)
    );
    assert_eq!(
        ada.call(FindLanding {}).await,
        Ok(Landing::Organization(slug("acme")))
    );
    let audit = w.audit("acme").await;
    assert_eq!(
        audit
            .iter()
            .map(|row| row.action.as_str())
            .collect::<Vec<_>>(),
        ["organization.created"]
    );
    assert_eq!(
        (audit[0].actor_name.as_str(), audit[0].ip.as_deref()),
        ("ada", Some("127.0.0.1"))
    );
}

#[tokio::test]
async fn a_slug_is_one_organizations_only() {
    let w = World::new().await;
    let (ada, bob) = (
        w.person("ada@example.com").await,
        w.person("bob@example.com").await,
    );
    found(&ada, "acme").await.unwrap();
    assert_eq!(
        found(&bob, "acme").await,
        Err(AppError::invalid("new[slug]", Problem::Taken))
    );
    assert_eq!(
        found(&bob, "Acme").await,
        Err(AppError::invalid("new[slug]", Problem::NotASlug))
    );
    assert_eq!(
        found(&bob, "api").await,
        Err(AppError::invalid("new[slug]", Problem::Reserved))
    );
    let check = async |slug: &str| {
        bob.call(CheckSlug {
            slug: slug.into(),
            org: None,
        })
        .await
        .unwrap()
    };
    assert_eq!(
        check("acme").await,
        SlugStanding::Not(Problem::Taken.words())
    );
    assert_eq!(check("free-one").await, SlugStanding::Free);
    assert_eq!(
        check("x").await,
        SlugStanding::Not(Problem::TooShort(3).words())
    );
}

#[tokio::test]
async fn of_two_who_want_a_slug_at_once_one_gets_it() {
    let w = World::new().await;
    let mut tries = tokio::task::JoinSet::new();
    for place in 0..8 {
        let person = w.person(&format!("p{place}@example.com")).await;
        tries.spawn(async move { found(&person, "acme").await });
    }
    let results = tries.join_all().await;
    assert_eq!(
        results.iter().filter(|result| result.is_ok()).count(),
        1,
        "{results:?}"
    );
    assert!(
        results
            .iter()
            .flat_map(|result| result.as_ref().err())
            .all(|error| *error == AppError::invalid("new[slug]", Problem::Taken))
    );
}

#[tokio::test]
async fn a_person_owns_at_most_ten_on_free() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    for place in 0..9 {
        found(&ada, &format!("acme-{place}")).await.unwrap();
    }
    let mut tries = tokio::task::JoinSet::new();
    for place in 0..5 {
        let ada = ada.clone();
        tries.spawn(async move { found(&ada, &format!("late-{place}")).await });
    }
    let results = tries.join_all().await;
    assert_eq!(
        results.iter().filter(|result| result.is_ok()).count(),
        1,
        "{results:?}"
    );
    assert_eq!(
        found(&ada, "one-more").await,
        Err(AppError::LimitReached {
            limit: Limit::FreeOrganizations,
            max: 10
        })
    );
    assert_eq!(ada.call(MyOrganizations {}).await.unwrap().len(), 10);
}

#[tokio::test]
async fn an_old_slug_leads_to_the_new_one_and_to_nobody_else() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let outsider = w.owner_of("other").await;
    owner
        .call(ChangeOrganizationSlug {
            org: slug("acme"),
            slug: "acme-labs".into(),
        })
        .await
        .unwrap();

    let page = owner.get("/app/acme/projects").await;
    assert_eq!(
        (page.status.as_u16(), page.location()),
        (302, "/app/acme-labs/projects")
    );
    assert_eq!(owner.get("/app/acme-labs/projects").await.status, 200);
    let (old, never) = (
        outsider.get("/app/acme").await,
        outsider.get("/app/never").await,
    );
    assert_eq!((old.status.as_u16(), never.status.as_u16()), (404, 404));

    assert_eq!(
        found(&outsider, "acme").await,
        Err(AppError::invalid("new[slug]", Problem::Taken))
    );
    let take = ChangeOrganizationSlug {
        org: slug("other"),
        slug: "acme".into(),
    };
    assert_eq!(
        outsider.call(take).await,
        Err(AppError::invalid("slug", Problem::Taken))
    );

    owner
        .call(ChangeOrganizationSlug {
            org: slug("acme-labs"),
            slug: "acme".into(),
        })
        .await
        .unwrap();
    assert_eq!(
        owner.get("/app/acme-labs").await.location(),
        "/app/acme",
        "and back again"
    );
}

#[tokio::test]
async fn changes_are_noted_with_before_and_after() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let rename = |name: &str| RenameOrganization {
        org: slug("acme"),
        name: name.into(),
    };
    owner.call(rename("Acme Labs")).await.unwrap();
    owner.call(rename("Acme Labs")).await.unwrap();
    owner
        .call(DismissChecklist { org: slug("acme") })
        .await
        .unwrap();
    let audit = w.audit("acme").await;
    let actions: Vec<_> = audit.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "organization.created",
            "organization.renamed",
            "organization.checklist_dismissed"
        ]
    );
    assert_eq!(
        audit[1].metadata,
        serde_json::json!({ "before": { "name": "ACME" }, "after": { "name": "Acme Labs" } })
    );
    assert_eq!(
        audit.iter().map(|row| row.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(
        audit
            .windows(2)
            .all(|pair| pair[1].previous_hash == pair[0].hash)
    );
    for row in &audit {
        assert_eq!(
            atrium::access::server::trail::seal(row).unwrap(),
            row.hash,
            "as it is read back"
        );
    }
}

#[tokio::test]
async fn an_organization_is_deleted_by_its_owner_who_repeats_its_slug() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let admin = w.member_of("acme", Role::Admin).await;
    let delete = |confirmation: &str| DeleteOrganization {
        org: slug("acme"),
        confirmation: confirmation.into(),
    };
    assert_eq!(
        admin.call(delete("acme")).await,
        Err(AppError::Forbidden {
            needs: Capability::DeleteOrganization
        })
    );
    assert_eq!(
        owner.call(delete("acm")).await,
        Err(AppError::invalid("confirmation", Problem::NotTheSame))
    );
    owner.call(delete("acme")).await.unwrap();
    assert_eq!(
        owner.call(GetOrgContext { org: slug("acme") }).await,
        Err(AppError::NotFound)
    );
    assert_eq!(admin.call(MyOrganizations {}).await.unwrap(), []);
}

#[tokio::test]
async fn the_last_used_organization_is_the_one_to_return_to() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    found(&ada, "first").await.unwrap();
    found(&ada, "second").await.unwrap();
    assert_eq!(
        ada.get("/app").await.status,
        200,
        "there is a choice to make"
    );
    assert_eq!(ada.get("/app/first").await.status, 200);
    assert_eq!(ada.get("/app").await.location(), "/app/first");
    assert_eq!(ada.get("/app?choose").await.status, 200);
}

/// Whether each of these slugs is free to somebody else.
async fn free_to_others(w: &World, slugs: &[&str]) -> Vec<bool> {
    let other = w.person("other@example.com").await;
    let mut free = Vec::new();
    for slug in slugs {
        let check = CheckSlug {
            slug: (*slug).to_owned(),
            org: None,
        };
        free.push(other.call(check).await.unwrap() == SlugStanding::Free);
    }
    free
}

async fn move_through(w: &World, owner: &Browser, slugs: &[&str]) {
    for step in slugs.windows(2) {
        w.wait(chrono::TimeDelta::seconds(1));
        let change = ChangeOrganizationSlug {
            org: slug(step[0]),
            slug: step[1].to_owned(),
        };
        owner.call(change).await.unwrap();
    }
}

#[tokio::test]
async fn names_are_not_hoarded() {
    let w = World::new().await;
    let owner = w.owner_of("name-0").await;
    let names = [
        "name-0", "name-1", "name-2", "name-3", "name-4", "name-5", "name-6", "name-7",
    ];
    move_through(&w, &owner, &names).await;
    let free = free_to_others(&w, &names).await;
    assert_eq!(free, [true, true, false, false, false, false, false, false]);
}

#[tokio::test]
async fn a_slug_that_was_just_left_is_kept_however_old_it_is() {
    let w = World::new().await;
    let owner = w.owner_of("old").await;
    let names = ["old", "one", "two", "three", "four", "five", "old", "last"];
    move_through(&w, &owner, &names).await;
    let free = free_to_others(&w, &["old", "five", "one"]).await;
    assert_eq!(free, [false, false, true]);
}

#[tokio::test]
async fn founding_and_moving_to_one_slug_at_once_is_one_or_the_other() {
    let w = World::new().await;
    let (mover, founder) = (w.owner_of("mover").await, w.person("ada@example.com").await);
    for round in 0..9 {
        let wanted = format!("wanted-{round}");
        let from = mover.call(MyOrganizations {}).await.unwrap()[0]
            .slug
            .clone();
        let change = ChangeOrganizationSlug {
            org: from,
            slug: wanted.clone(),
        };
        let (moved, made) = tokio::join!(mover.call(change), found(&founder, &wanted));
        assert!(moved.is_ok() != made.is_ok(), "{moved:?} {made:?}");
        for error in [moved.err(), made.err()].into_iter().flatten() {
            assert!(matches!(error, AppError::Invalid { .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn no_organization_is_left_without_anybody() {
    use atrium::{
        entity::{organization, organization_member},
        identity::api::DeleteAccount,
    };
    use sea_orm::{EntityTrait, PaginatorTrait};
    let w = World::new().await;
    for round in 0..10 {
        let person = w.person(&format!("p{round}@example.com")).await;
        let mut founding = tokio::task::JoinSet::new();
        for place in 0..3 {
            let person = person.clone();
            founding.spawn(async move { found(&person, &format!("acme-{round}-{place}")).await });
        }
        let delete = DeleteAccount {
            password: crate::world::PASSWORD.into(),
        };
        let deleted = person.call(delete).await;
        assert_eq!(deleted, Ok(()));
        for result in founding.join_all().await {
            assert!(
                matches!(result, Ok(_) | Err(AppError::SignedOut)),
                "{result:?}"
            );
        }
    }
    let db = w.look();
    let organizations = organization::Entity::find().count(db).await.unwrap();
    assert_eq!(
        organizations,
        organization_member::Entity::find().count(db).await.unwrap()
    );
}
