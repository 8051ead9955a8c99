//! Calls are counted: each once, none beyond the limit, and none that is
//! refused.

use atrium::{
    access::KeyScope,
    billing::Plan,
    entity::{usage_day, usage_record},
    usage::server::retention,
};
use chrono::TimeDelta;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{keys::altered, project};
use crate::world::World;

impl World {
    /// How many calls of this month are counted.
    pub async fn calls(&self, slug: &str) -> i64 {
        let record = usage_record::Entity::find()
            .filter(usage_record::Column::OrganizationId.eq(self.organization(slug).await.id))
            .one(self.look())
            .await
            .unwrap();
        record.map_or(0, |record| record.api_calls)
    }

    /// Has so many calls counted already.
    pub async fn count_calls(&self, slug: &str, calls: i64) {
        let tx = self.db.write("a test counts").await.unwrap();
        let record = usage_record::ActiveModel {
            organization_id: Set(self.organization(slug).await.id),
            period: Set(self.services.clock.now().format("%Y-%m").to_string()),
            api_calls: Set(calls),
            ..Default::default()
        };
        usage_record::Entity::insert(record)
            .exec_without_returning(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_call_is_counted_once_and_a_refused_one_not_at_all() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    assert_eq!(w.calls("acme").await, 1);
    let found = program.get("/projects").await;
    assert_eq!(w.calls("acme").await, 2);
    assert!(
        found
            .page
            .header("ratelimit")
            .starts_with("\"month\";r=998;t=")
    );
    assert!(
        found
            .page
            .header("ratelimit-policy")
            .starts_with("\"month\";q=1000;w=")
    );
    // What isn't found or can't be done was a call all the same.
    program
        .get("/projects/prj_00000000000000000000000000")
        .await;
    program.post("/projects", json!({ "name": "" })).await;
    assert_eq!(w.calls("acme").await, 4);
    let read = w.program_with("acme", &[KeyScope::Read]).await;
    assert_eq!(
        read.post("/projects", json!({ "name": "x" }))
            .await
            .status(),
        403
    );
    let mut bad = program.clone();
    bad.key = altered(&bad.key);
    assert_eq!(bad.get("/projects").await.status(), 401);
    assert_eq!(w.calls("acme").await, 4);
    let page = program.get("/usage").await;
    let days = page.json["api_calls_by_day"].as_array().unwrap();
    assert_eq!(days.len(), 7, "as far as Free keeps them");
    assert_eq!(days[6]["calls"], 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_the_limit_one_gets_through() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let program = w.program("acme").await;
    w.count_calls("acme", 999).await;
    let all = (0..200).map(|_| program.get("/projects"));
    let answers = futures_util::future::join_all(all).await;
    let through = answers
        .iter()
        .filter(|answer| answer.status() == 200)
        .count();
    assert_eq!(through, 1);
    assert_eq!(w.calls("acme").await, 1000);
    let refused = answers
        .iter()
        .find(|answer| answer.status() == 429)
        .unwrap();
    assert_eq!(refused.text("/code"), "limit_exceeded");
    assert_eq!(refused.text("/limit"), "api_calls");
    assert!(
        refused
            .page
            .header("ratelimit")
            .starts_with("\"month\";r=0;t=")
    );
    let wait: i64 = refused.page.header("retry-after").parse().unwrap();
    // The next month begins then, and calls are counted anew.
    w.wait(TimeDelta::seconds(wait));
    assert_eq!(program.get("/projects").await.status(), 200);
    w.put_on("acme", Plan::Enterprise).await;
    let unlimited = program.get("/projects").await;
    assert_eq!(
        (unlimited.status(), unlimited.page.header("ratelimit")),
        (200, "")
    );
}

#[tokio::test]
async fn owners_are_told_at_four_fifths_and_at_the_end_once() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let second = w.account("second@acme.test").await;
    w.join("acme", second, atrium::access::Role::Owner).await;
    w.member_of("acme", atrium::access::Role::Admin).await;
    let program = w.program("acme").await;
    w.count_calls("acme", 798).await;
    let told = async |words: &str| {
        let mut count = 0;
        for address in ["owner@acme.test", "second@acme.test", "admin@acme.test"] {
            let mails = w.mail_to(address).await;
            count += mails
                .iter()
                .filter(|mail| mail.subject.contains(words))
                .count();
        }
        count
    };
    program.get("/projects").await;
    assert_eq!(told("of its API calls").await, 0);
    for _ in 0..3 {
        program.get("/projects").await;
    }
    assert_eq!(told("has used 80 % of its API calls").await, 2);
    let all = (0..198).map(|_| program.get("/projects"));
    futures_util::future::join_all(all).await;
    assert_eq!(program.get("/projects").await.status(), 429);
    assert_eq!(told("has used all of its API calls").await, 2);
    assert_eq!(told("80 %").await, 2);
}

#[tokio::test]
async fn what_is_older_than_the_plan_keeps_goes() {
    let w = World::new().await;
    let (program, _) = project(&w, "acme").await;
    for _ in 0..9 {
        w.wait(TimeDelta::days(1));
        program.get("/projects").await;
    }
    let days = async || usage_day::Entity::find().all(w.look()).await.unwrap().len();
    assert_eq!(days().await, 10);
    retention::delete_old(&w.services).await.unwrap();
    assert_eq!(days().await, 7);
    w.put_on("acme", Plan::Pro).await;
    w.wait(TimeDelta::days(30));
    retention::delete_old(&w.services).await.unwrap();
    assert_eq!(days().await, 7);
}
