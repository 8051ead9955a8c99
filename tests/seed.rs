//! The demo.

use atrium::{
    access::Role,
    identity::api::ListDemoAccounts,
    organizations::api::GetOrgContext,
    program::seed::{self, PASSWORD},
};

use crate::world::World;

#[tokio::test]
async fn a_demo_has_people_in_all_roles_and_weeks_of_history() {
    let w = World::new().await;
    seed::make(&w.services).await.unwrap();
    for (email, slug, role) in [
        ("owner@demo.test", "demo", Role::Owner),
        ("admin@demo.test", "demo", Role::Admin),
        ("member@demo.test", "demo", Role::Member),
        ("viewer@demo.test", "demo", Role::Viewer),
        ("owner@rival.test", "rival", Role::Owner),
    ] {
        let person = w.visitor();
        person.sign_in(email, PASSWORD).await.unwrap();
        let context = person
            .call(GetOrgContext {
                org: slug.to_owned().into(),
            })
            .await
            .unwrap();
        assert_eq!(context.org.role, role);
        assert_eq!(person.get(&format!("/app/{slug}")).await.status, 200);
    }
    let history = w.audit("demo").await;
    let days: std::collections::BTreeSet<_> = history
        .iter()
        .map(|row| row.created_at.date_naive())
        .collect();
    assert!(
        history.len() > 80 && days.len() > 28,
        "{} changes on {} days",
        history.len(),
        days.len()
    );
    assert!(
        history
            .iter()
            .all(|row| row.created_at <= w.services.clock.now())
    );
    assert!(seed::make(&w.services).await.is_err(), "it is made once");
}

#[tokio::test]
async fn only_a_demo_shows_demo_accounts() {
    let w = World::new().await;
    assert_eq!(w.visitor().call(ListDemoAccounts {}).await, Ok(None));
    assert!(
        !w.visitor()
            .get("/auth/signin")
            .await
            .body
            .contains("look around")
    );
    seed::make(&w.services).await.unwrap();
    assert_eq!(
        w.visitor()
            .call(ListDemoAccounts {})
            .await
            .unwrap()
            .unwrap()
            .emails
            .len(),
        5
    );
    let page = w.visitor().get("/auth/signin").await.body;
    assert!(page.contains("owner@demo.test") && page.contains("owner@rival.test"));
}
