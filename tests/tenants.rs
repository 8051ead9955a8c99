//! Tenants: by which host and in which standing they are reached.

use atrium::{
    access::Role,
    billing::{Plan, Standing, SubscriptionStatus},
    error::AppError,
    organizations::api::{ContinueOnFree, GetOrgContext, GetStanding, RenameOrganization},
    projects::{api::ListProjects, model::ProjectQuery},
};
use reqwest::header::{ACCEPT, HOST};

use crate::world::{Browser, Page, World, acme};

/// What a page answers at a host.
async fn at(who: &Browser, host: &str, path: &str) -> Page {
    let request = who
        .raw()
        .get(who.at(path))
        .header(HOST, host)
        .header(ACCEPT, "text/html");
    crate::world::page(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_host_and_a_path_that_differ_lead_nowhere() {
    let w = World::with(&["--base-domain", "atrium.test"]).await;
    let owner = w.owner_of("acme").await;
    let second = atrium::organizations::api::CreateOrganization {
        new: atrium::organizations::model::NewOrganization {
            name: "Second".into(),
            slug: "second".into(),
        },
    };
    owner.call(second).await.unwrap();
    for (host, path, status) in [
        ("acme.atrium.test", "/app/acme", 200),
        ("ACME.atrium.test:8080", "/app/acme/projects", 200),
        ("acme.atrium.test", "/app/second", 404),
        ("second.atrium.test", "/app/acme/settings/members", 404),
        ("never.atrium.test", "/app/acme", 404),
        ("a.b.atrium.test", "/app/acme", 404),
        ("atrium.test", "/app/acme", 200),
        ("www.atrium.test", "/app/second", 200),
        ("elsewhere.test", "/app/acme", 200),
        ("acme.atrium.test", "/api/app/second/audit.csv", 404),
        ("acme.atrium.test", "/app/second/image/x", 404),
    ] {
        let page = at(&owner, host, path).await;
        assert_eq!(page.status.as_u16(), status, "{path} at {host}");
    }
    let call = async |host: &str, org: &str| {
        let request = owner
            .raw()
            .post(owner.at("/_fn/list_projects"))
            .header(HOST, host)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("org={org}"));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(call("acme.atrium.test", "acme").await, 200);
    assert_eq!(call("acme.atrium.test", "second").await, 404);
    let program = w.program("acme").await;
    let called = async |host: &str| {
        let request = program.request(reqwest::Method::GET, "/projects");
        let answer = request.header(HOST, host).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(called("acme.atrium.test").await, 200);
    assert_eq!(called("atrium.test").await, 200);
    assert_eq!(called("second.atrium.test").await, 404);
    assert_eq!(w.calls("acme").await, 2);
}

#[tokio::test]
async fn at_its_own_host_everything_leads_to_the_organization() {
    let w = World::with(&["--base-domain", "atrium.test"]).await;
    let owner = w.owner_of("acme").await;
    for path in ["/", "/app"] {
        let page = at(&owner, "acme.atrium.test", path).await;
        assert_eq!(page.location(), "/app/acme", "{path}");
    }
    let signed_out = at(&w.visitor(), "acme.atrium.test", "/app/acme").await;
    assert_eq!(signed_out.location(), "/auth/signin?callbackUrl=/app/acme");
    let page = at(&owner, "acme.atrium.test", "/app/acme").await;
    let elsewhere = format!("{}/app/new", w.services.config.app_url().origin());
    assert!(
        page.body.contains(&elsewhere),
        "what is no tenant's is elsewhere"
    );
    assert_eq!(at(&owner, "atrium.test", "/").await.status, 200);
}

#[tokio::test]
async fn no_header_names_a_tenant() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.owner_of("other").await;
    let other = w.organization("other").await.id.to_string();
    for (name, value) in [
        ("x-organization-id", other.as_str()),
        ("x-org", "other"),
        ("x-plan", "ENTERPRISE"),
        ("x-role", "OWNER"),
        ("x-forwarded-host", "other.atrium.test"),
    ] {
        let request = owner.raw().get(owner.at("/app/other")).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 404, "{name}");
        let request = owner.raw().get(owner.at("/app/acme")).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 200, "{name}");
    }
}

/// A status is a standing, and a standing opens or shuts the doors.
#[tokio::test]
async fn how_an_organization_stands_is_enforced_at_the_door() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    for status in SubscriptionStatus::ALL {
        w.let_stand("acme", status).await;
        let standing = status.standing();
        let is_open = matches!(standing, Standing::Good | Standing::Grace);
        let refusal = AppError::Suspended { standing };
        for who in [&owner, &viewer] {
            let listed = who
                .call(ListProjects {
                    org: acme(),
                    query: ProjectQuery::default(),
                })
                .await;
            assert_eq!(
                listed.map(drop),
                if is_open {
                    Ok(())
                } else {
                    Err(refusal.clone())
                },
                "{status:?}"
            );
            for page in ["", "/projects", "/settings/members"] {
                let page = who.get(&format!("/app/acme{page}")).await;
                match is_open {
                    true => assert_eq!(page.status, 200, "{status:?}"),
                    false => assert_eq!(page.location(), "/app/acme/reactivate", "{status:?}"),
                }
            }
            assert_eq!(
                who.get("/app/acme/reactivate").await.status,
                200,
                "{status:?}"
            );
            let seen = who.call(GetStanding { org: acme() }).await.unwrap();
            assert_eq!(seen.standing, standing);
            assert_eq!(who.get("/app?choose").await.status, 200);
            assert_eq!(who.get("/account").await.status, 200);
        }
        let export = owner.raw().get(owner.at("/api/app/acme/audit.csv"));
        let export = export.send().await.unwrap();
        let expected = if is_open { 403 } else { 402 };
        assert_eq!(export.status().as_u16(), expected, "{status:?}");
        let problem = export.text().await.unwrap();
        let problem: serde_json::Value = serde_json::from_str(&problem).unwrap();
        let code = if is_open { "not_in_plan" } else { "suspended" };
        assert_eq!(problem["code"], code);
    }
}

#[tokio::test]
async fn everyone_is_told_of_a_payment_that_is_overdue() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let told = async || {
        viewer
            .get("/app/acme/projects")
            .await
            .body
            .contains("payment for this organization failed")
    };
    assert!(!told().await);
    w.let_stand("acme", SubscriptionStatus::PastDue).await;
    assert!(told().await);
}

#[tokio::test]
async fn an_owner_may_go_on_with_free_once_a_subscription_has_ended() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let admin = w.member_of("acme", Role::Admin).await;
    let go_on = || ContinueOnFree { org: acme() };
    w.let_stand("acme", SubscriptionStatus::Unpaid).await;
    let suspended = AppError::Suspended {
        standing: Standing::Suspended,
    };
    assert_eq!(owner.call(go_on()).await, Err(suspended));

    w.let_stand("acme", SubscriptionStatus::Canceled).await;
    let needs = atrium::access::Capability::ManageBilling;
    assert_eq!(
        admin.call(go_on()).await,
        Err(AppError::Forbidden { needs })
    );
    let page = admin.get("/app/acme/reactivate").await.body;
    assert!(page.contains("ask one of them") && !page.contains("Continue on Free"));
    assert!(
        owner
            .get("/app/acme/reactivate")
            .await
            .body
            .contains("Continue on Free")
    );
    assert_eq!(w.count_of("acme", "billing.continued_on_free").await, 0);
    owner.call(go_on()).await.unwrap();
    owner.call(go_on()).await.unwrap();
    assert_eq!(w.count_of("acme", "billing.continued_on_free").await, 1);
    let context = admin.call(GetOrgContext { org: acme() }).await.unwrap();
    assert_eq!(
        (context.org.plan, context.org.standing),
        (Plan::Free, Standing::Good)
    );
}

/// What is under way when an organization is shut is refused under its lock.
#[tokio::test]
async fn nothing_is_changed_in_an_organization_that_is_shut() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.let_stand("acme", SubscriptionStatus::Paused).await;
    let rename = RenameOrganization {
        org: acme(),
        name: "Other".into(),
    };
    assert!(matches!(
        owner.call(rename).await,
        Err(AppError::Suspended { .. })
    ));
    assert_eq!(w.organization("acme").await.name, "ACME");
}

/// There is a way out for people, whatever an organization owes.
#[tokio::test]
async fn whoever_wants_to_go_may_go() {
    use atrium::{organizations::api::DeleteOrganization, team::api::LeaveOrganization};
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    w.let_stand("acme", SubscriptionStatus::Unpaid).await;
    let page = viewer.get("/app/acme/reactivate").await.body;
    assert!(page.contains("Leave organization") && !page.contains("Delete organization"));
    viewer
        .call(LeaveOrganization { org: acme() })
        .await
        .unwrap();
    let delete = DeleteOrganization {
        org: acme(),
        confirmation: "acme".into(),
    };
    owner.call(delete).await.unwrap();
}
