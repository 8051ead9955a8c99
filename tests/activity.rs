//! The audit log as people see it: paged, filtered, exported, locked.

use atrium::{
    access::Role,
    analytics::{
        api::GetOverview,
        model::{Metric, Range},
    },
    audit::{
        api::GetActivity,
        model::{Activity, AuditPage, AuditQuery},
    },
    billing::Plan,
    paging::Place,
    projects::api::CreateProject,
};
use chrono::TimeDelta;

use crate::world::{Browser, PASSWORD, World, acme, project};

async fn page(who: &Browser, query: AuditQuery) -> AuditPage {
    let asked = GetActivity { org: acme(), query };
    match who.call(asked).await.unwrap() {
        Activity::Open(page) => *page,
        Activity::Locked(_) => panic!("it is locked"),
    }
}

/// An organization with many rows, and its owner.
async fn with_rows(w: &World, count: usize) -> Browser {
    let owner = w.owner_of("acme").await;
    w.put_on("acme", Plan::Starter).await;
    w.write_rows(w.organization("acme").await.id, count).await;
    owner
}

#[tokio::test]
async fn paging_shows_each_row_once_while_others_are_added() {
    let w = World::new().await;
    let owner = with_rows(&w, 180).await;
    let (mut seen, mut place) = (Vec::new(), Place::Newest);
    loop {
        let query = AuditQuery {
            place,
            ..AuditQuery::default()
        };
        let page = page(&owner, query).await;
        seen.extend(page.rows.iter().map(|row| row.seq));
        owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
        match page.older {
            Some(seq) => place = Place::After(seq),
            None => break,
        }
    }
    assert_eq!(seen, (1..=181).rev().collect::<Vec<_>>());
    let before = AuditQuery {
        place: Place::Before(100),
        ..AuditQuery::default()
    };
    let rows = page(&owner, before).await.rows;
    assert_eq!((rows[0].seq, rows[49].seq), (150, 101));
}

#[tokio::test]
async fn the_log_is_filtered_by_actor_action_entity_and_day() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", Plan::Enterprise).await;
    let admin = w.member_of("acme", Role::Admin).await;
    w.owner_of("other").await;
    w.wait(TimeDelta::days(3));
    let made = admin
        .call(CreateProject {
            org: acme(),
            new: project("By the admin"),
        })
        .await
        .unwrap();
    owner
        .call(CreateProject {
            org: acme(),
            new: project("By the owner"),
        })
        .await
        .unwrap();
    let today = w.services.clock.now().date_naive();
    let earlier = today.checked_sub_days(chrono::Days::new(2)).unwrap();
    let found = async |query: AuditQuery| page(&owner, query).await.rows.len();
    let all = AuditQuery::default();
    assert_eq!(found(all.clone()).await, 4);
    let by_admin = w.user("admin@acme.test").await;
    assert_eq!(
        found(AuditQuery {
            actor: Some(by_admin.to_string()),
            ..all.clone()
        })
        .await,
        2
    );
    assert_eq!(
        found(AuditQuery {
            action: Some("project.created".into()),
            ..all.clone()
        })
        .await,
        2
    );
    assert_eq!(
        found(AuditQuery {
            entity: Some("project".into()),
            ..all.clone()
        })
        .await,
        2
    );
    assert_eq!(
        found(AuditQuery {
            entity: Some(made.id.to_string()),
            ..all.clone()
        })
        .await,
        1
    );
    let elsewhere = AuditQuery {
        entity: Some(w.organization("other").await.id.to_string()),
        ..all.clone()
    };
    assert_eq!(
        found(elsewhere).await,
        0,
        "what is another's is nothing here"
    );
    assert_eq!(
        found(AuditQuery {
            from: Some(today),
            ..all.clone()
        })
        .await,
        2
    );
    assert_eq!(
        found(AuditQuery {
            to: Some(earlier),
            ..all.clone()
        })
        .await,
        2
    );
    assert_eq!(
        found(AuditQuery {
            from: Some(today),
            actor: Some(by_admin.to_string()),
            ..all.clone()
        })
        .await,
        1
    );
    assert_eq!(
        found(AuditQuery {
            action: Some("x' OR 1=1".into()),
            ..all.clone()
        })
        .await,
        0
    );
    let newest = page(&owner, all).await.rows[0].id;
    let body = owner
        .get(&format!("/app/acme/activity?event={newest}&entity=project"))
        .await
        .body;
    assert!(body.contains("By the owner") && body.contains("class=\"drawer\""));
    let of_nobody =
        "/app/acme/activity?event=aud_00000000000000000000000000&actor=x&from=x&after=x";
    assert_eq!(owner.get(of_nobody).await.status, 200);
}

#[tokio::test]
async fn the_log_is_exported_whole_and_harmless() {
    let w = World::new().await;
    let owner = with_rows(&w, 1_200).await;
    let csv = owner.get("/api/app/acme/audit.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"acme-audit.csv\""
    );
    let lines: Vec<&str> = csv.body.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 1_202, "a head, and each row");
    assert!(lines[0].starts_with("id,seq,created_at,"));
    for (place, line) in lines[1..].iter().enumerate() {
        let seq = line.split(',').nth(1).unwrap();
        assert_eq!(seq, (place + 1).to_string());
    }
    let json = owner
        .get("/api/app/acme/audit.jsonl?action=organization.renamed")
        .await
        .body;
    let rows: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 1_200);
    assert_eq!(rows[1]["metadata"]["after"]["name"], "=2");
    assert_eq!(rows[1]["seq"], 3);
}

#[tokio::test]
async fn what_the_plan_does_not_include_is_shown_locked() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    owner
        .call(CreateProject {
            org: acme(),
            new: project("Secret plan"),
        })
        .await
        .unwrap();
    let query = AuditQuery::default();
    let activity = owner
        .call(GetActivity { org: acme(), query })
        .await
        .unwrap();
    let Activity::Locked(preview) = activity else {
        panic!("it is open");
    };
    assert_eq!((preview.rows, preview.newest.len()), (2, 2));
    let page = owner.get("/app/acme/activity").await.body;
    assert!(page.contains("comes with Starter") && !page.contains("Secret plan"));
    let export = owner.get("/api/app/acme/audit.csv").await;
    assert_eq!(export.status, 403);
    assert!(export.body.contains("not_in_plan"), "{}", export.body);
}

/// An export that is under way ends with the session that began it.
#[tokio::test]
async fn an_export_ends_when_its_reader_signs_out() {
    use atrium::identity::api::SignOutEverywhere;
    let w = World::new().await;
    let owner = with_rows(&w, 30_000).await;
    let request = owner.raw().get(owner.at("/api/app/acme/audit.jsonl"));
    let mut export = request.send().await.unwrap();
    let mut bytes = export.chunk().await.unwrap().unwrap().len();
    owner.call(SignOutEverywhere {}).await.unwrap();
    let cut = loop {
        match export.chunk().await {
            Ok(Some(more)) => bytes += more.len(),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(cut, "it went on to its end, {bytes} bytes");
}

#[tokio::test]
async fn the_overview_shows_nothing_older_than_the_plan_keeps() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.wait(TimeDelta::days(8));
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    let call = CreateProject {
        org: acme(),
        new: project("Storefront"),
    };
    owner.call(call).await.unwrap();
    // Who signed in and made a project has done so just now; the organization
    // was founded eight days ago.
    for (plan, longest, asked, shown, events, before) in [
        (Plan::Free, Range::Week, Range::Week, Range::Week, 2, None),
        (
            Plan::Free,
            Range::Week,
            Range::Quarter,
            Range::Day,
            2,
            Some(0),
        ),
        (
            Plan::Starter,
            Range::Month,
            Range::Week,
            Range::Week,
            2,
            Some(1),
        ),
        (
            Plan::Starter,
            Range::Month,
            Range::Month,
            Range::Month,
            3,
            None,
        ),
        (
            Plan::Pro,
            Range::Quarter,
            Range::Month,
            Range::Month,
            3,
            Some(0),
        ),
    ] {
        w.put_on("acme", plan).await;
        let (org, range) = (acme(), asked);
        let overview = owner.call(GetOverview { org, range }).await.unwrap();
        assert_eq!(overview.ranges.last(), Some(&longest), "{plan:?}");
        assert_eq!(overview.history.range, shown, "{plan:?} {asked:?}");
        let sum = overview.history.counts.sum(Metric::Events);
        let sum_before = overview
            .history
            .before
            .map(|before| before.sum(Metric::Events));
        assert_eq!((sum, sum_before), (events, before), "{plan:?} {asked:?}");
        let page = format!("/app/acme?range={}", asked.name());
        let page = owner.get(&page).await.body;
        let last = format!("Events, last {}", shown.label());
        assert!(page.contains(&last), "{plan:?} {asked:?}");
    }
}
