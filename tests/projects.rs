//! Projects: created up to the limit, found, changed and deleted.

use atrium::{
    access::{Capability, Role},
    billing::Limit,
    error::{AppError, Problem},
    id::{OrgSlug, ProjectId},
    paging::Place,
    projects::{
        api::{
            CreateProject, DeleteProject, FindProjects, GetProject, ListProjects, UpdateProject,
        },
        model::{NewProject, PAGE_SIZE, ProjectCard, ProjectPage, ProjectQuery},
    },
};

use crate::world::{Browser, World, acme};

async fn create(who: &Browser, name: &str) -> Result<ProjectCard, AppError> {
    who.call(CreateProject {
        org: acme(),
        new: named(name),
    })
    .await
}

fn named(name: &str) -> NewProject {
    NewProject {
        name: name.into(),
        description: format!("{name}, described"),
    }
}

async fn list(who: &Browser, q: &str, place: Place<ProjectId>) -> ProjectPage {
    who.call(ListProjects {
        org: acme(),
        query: ProjectQuery { q: q.into(), place },
    })
    .await
    .unwrap()
}

fn names(page: &ProjectPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

#[tokio::test]
async fn a_project_is_created_renamed_and_deleted_with_a_trail() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let project = create(&owner, "  Storefront ").await.unwrap();
    assert_eq!(project.name, "Storefront");
    let update = |name: &str| UpdateProject {
        org: acme(),
        project: project.id,
        new: named(name),
    };
    owner.call(update("Shop")).await.unwrap();
    let found = owner
        .call(GetProject {
            org: acme(),
            project: project.id,
            query: Default::default(),
        })
        .await
        .unwrap()
        .project;
    assert_eq!(
        (found.name.as_str(), found.description.as_str()),
        ("Shop", "Shop, described")
    );

    let delete = |confirmation: &str| DeleteProject {
        org: acme(),
        project: project.id,
        confirmation: confirmation.into(),
    };
    assert_eq!(
        owner.call(delete("shop")).await,
        Err(AppError::invalid("confirmation", Problem::NotTheSame))
    );
    owner.call(delete("Shop")).await.unwrap();
    assert_eq!(owner.call(delete("Shop")).await, Err(AppError::NotFound));
    assert_eq!(owner.call(update("Ghost")).await, Err(AppError::NotFound));

    let audit = w.audit("acme").await;
    let trail: Vec<_> = audit
        .iter()
        .skip(1)
        .map(|row| (row.action.as_str(), row.entity_id))
        .collect();
    let id = Some(project.id.0);
    assert_eq!(
        trail,
        [
            ("project.created", id),
            ("project.updated", id),
            ("project.deleted", id)
        ]
    );
}

#[tokio::test]
async fn a_name_is_unique_in_its_organization_only() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let other = w.owner_of("other").await;
    create(&owner, "Storefront").await.unwrap();
    assert_eq!(
        create(&owner, "Storefront").await,
        Err(AppError::invalid("new[name]", Problem::Taken))
    );
    let elsewhere = CreateProject {
        org: OrgSlug::parse("other").unwrap(),
        new: named("Storefront"),
    };
    assert!(other.call(elsewhere).await.is_ok());
    let second = create(&owner, "Second").await.unwrap();
    let clash = UpdateProject {
        org: acme(),
        project: second.id,
        new: named("Storefront"),
    };
    assert_eq!(
        owner.call(clash).await,
        Err(AppError::invalid("new[name]", Problem::Taken))
    );
    assert_eq!(
        w.audit("acme").await.len(),
        3,
        "what was refused left no trace"
    );
}

#[tokio::test]
async fn a_limit_holds_against_two_hundred_at_once() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    create(&owner, "First").await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for place in 0..200 {
        let owner = owner.clone();
        tries.spawn(async move { create(&owner, &format!("Project {place}")).await });
    }
    let results = tries.join_all().await;
    let made = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(made, 1);
    let refused = AppError::LimitReached {
        limit: Limit::Projects,
        max: 2,
    };
    assert!(
        results
            .iter()
            .filter_map(|result| result.as_ref().err())
            .all(|error| *error == refused),
        "{results:?}"
    );
    assert_eq!(list(&owner, "", Place::Newest).await.total, 2);
}

#[tokio::test]
async fn a_plan_decides_how_many() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    for name in ["One", "Two"] {
        create(&owner, name).await.unwrap();
    }
    assert_eq!(
        create(&owner, "Three").await,
        Err(AppError::LimitReached {
            limit: Limit::Projects,
            max: 2
        })
    );
    w.put_on("acme", atrium::billing::Plan::Starter).await;
    assert!(create(&owner, "Three").await.is_ok());
    w.put_on("acme", atrium::billing::Plan::Free).await;
    assert_eq!(
        list(&owner, "", Place::Newest).await.total,
        3,
        "a smaller plan takes nothing away"
    );
    assert!(create(&owner, "Four").await.is_err());
}

#[tokio::test]
async fn a_search_finds_parts_of_names_in_any_case() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", atrium::billing::Plan::Pro).await;
    for name in [
        "Storefront",
        "Front desk",
        "100% organic",
        "snake_case",
        "Ärzte",
    ] {
        create(&owner, name).await.unwrap();
    }
    for (q, found) in [
        ("FRONT", vec!["Front desk", "Storefront"]),
        ("%", vec!["100% organic"]),
        ("_", vec!["snake_case"]),
        ("ärz", vec!["Ärzte"]),
        ("ÄRZ", vec!["Ärzte"]),
        ("\\", vec![]),
        ("' OR 1=1 --", vec![]),
    ] {
        assert_eq!(names(&list(&owner, q, Place::Newest).await), found, "{q}");
    }
    let found = owner
        .call(FindProjects {
            org: acme(),
            q: "desk".into(),
        })
        .await
        .unwrap();
    assert_eq!(
        found
            .iter()
            .map(|found| found.label.as_str())
            .collect::<Vec<_>>(),
        ["Front desk"]
    );
}

#[tokio::test]
async fn pages_show_each_project_once_while_others_come_and_go() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", atrium::billing::Plan::Enterprise).await;
    let mut ids: Vec<ProjectId> = Vec::new();
    for place in 0..60 {
        ids.push(
            create(&owner, &format!("Project {place:02}"))
                .await
                .unwrap()
                .id,
        );
    }
    let first = list(&owner, "", Place::Newest).await;
    assert_eq!(
        (first.rows.len() as u64, first.newer, first.total),
        (PAGE_SIZE, None, 60)
    );
    create(&owner, "Newcomer").await.unwrap();
    let gone = first.rows.last().unwrap().clone();
    owner
        .call(DeleteProject {
            org: acme(),
            project: gone.id,
            confirmation: gone.name,
        })
        .await
        .unwrap();

    let second = list(&owner, "", Place::After(first.older.unwrap())).await;
    let third = list(&owner, "", Place::After(second.older.unwrap())).await;
    assert_eq!(third.older, None);
    let mut seen: Vec<ProjectId> = [&first, &second, &third]
        .iter()
        .flat_map(|page| &page.rows)
        .map(|row| row.id)
        .collect();
    ids.reverse();
    assert_eq!(seen, ids, "each of those that were there, once");
    seen.dedup();
    assert_eq!(seen.len(), 60);

    let back = list(&owner, "", Place::Before(third.newer.unwrap())).await;
    assert_eq!(names(&back), names(&second));
}

#[tokio::test]
async fn roles_bound_what_members_may_do() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let [admin, member, viewer] = [
        w.member_of("acme", Role::Admin).await,
        w.member_of("acme", Role::Member).await,
        w.member_of("acme", Role::Viewer).await,
    ];
    let project = create(&member, "Storefront").await.unwrap();
    assert_eq!(
        create(&viewer, "Other").await,
        Err(AppError::Forbidden {
            needs: Capability::CreateProject
        })
    );
    let delete = || DeleteProject {
        org: acme(),
        project: project.id,
        confirmation: "Storefront".into(),
    };
    for who in [&admin, &member, &viewer] {
        assert_eq!(
            who.call(delete()).await,
            Err(AppError::Forbidden {
                needs: Capability::DeleteProject
            })
        );
    }
    assert_eq!(
        names(&list(&viewer, "", Place::Newest).await),
        ["Storefront"]
    );
    owner.call(delete()).await.unwrap();
}

#[tokio::test]
async fn past_the_end_of_the_list_stands_its_beginning() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let oldest = create(&owner, "Loom").await.unwrap();
    let newest = create(&owner, "Engine").await.unwrap();
    for place in [Place::After(oldest.id), Place::Before(newest.id)] {
        let page = list(&owner, "", place).await;
        assert_eq!(names(&page), ["Engine", "Loom"]);
        assert_eq!((page.newer, page.older), (None, None));
    }
}
