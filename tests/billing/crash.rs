//! The program is killed while events pour in.

use std::time::Duration;

use atrium::{
    billing::{Plan, SubscriptionStatus},
    entity::stripe_event::{self, EventState},
    organizations::{api::CreateOrganization, model::NewOrganization},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::world::{
    Browser, PASSWORD, Program, World,
    stripe::{SECRET, Stripe},
};

fn environment<'a>(w: &'a World, stripe: &'a Stripe, mail: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("DATABASE_URL", &w.urls.program),
        ("MAIL_DIR", mail),
        ("STRIPE_SECRET_KEY", "sk_test_sandbox"),
        ("STRIPE_WEBHOOK_SECRET", SECRET),
        ("STRIPE_STARTER_PRICE_ID", "price_sandbox_starter"),
        ("STRIPE_PRO_PRICE_ID", "price_sandbox_pro"),
        ("STRIPE_API_BASE", &stripe.url),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_and_nothing_is_doubled() {
    let w = World::at_rest().await;
    let stripe = Stripe::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail");
    let environment = environment(&w, &stripe, mail.to_str().unwrap());
    let mut program = Program::start(&environment);
    stripe.sends_to(&program.url()).await;
    let waits = json!({ "paused": true, "senders": 8, "copies": 2, "shuffle": true });
    stripe.tell("webhooks", waits).await;
    w.account("owner@acme.test").await;
    let owner = Browser::new(&program.url());
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    let new = NewOrganization {
        name: "ACME".into(),
        slug: "acme".into(),
    };
    owner.call(CreateOrganization { new }).await.unwrap();
    let body = "org=acme&plan=PRO";
    let begun = owner
        .post("/_fn/start_checkout", body, "application/json")
        .await;
    stripe.pay(begun.location(), "4000 0000 0000 0341").await;
    // Two years of bills that are paid, and one that isn't.
    let customer = stripe.all("/v1/customers").await[0]["id"].clone();
    let good = json!({ "customer": customer, "number": "4242424242424242" });
    stripe.tell("cards", good).await;
    stripe
        .tell("clock", json!({ "advance": 725 * 86_400 }))
        .await;
    let bad = json!({ "customer": customer, "number": "4000000000000341" });
    stripe.tell("cards", bad).await;
    stripe.tell("clock", json!({ "advance": 8 * 86_400 })).await;
    stripe.tell("webhooks", json!({ "paused": false })).await;
    for kill in 0..4 {
        tokio::time::sleep(Duration::from_millis(60 + 50 * kill)).await;
        drop(program);
        program = Program::start(&environment);
        stripe.sends_to(&program.url()).await;
    }
    let left = stripe.tell("flush", json!({ "timeout_ms": 60_000 })).await;
    assert_eq!(left["delivered"], true, "{left}");
    w.events_are_followed().await;
    let deliveries = stripe.get("/_sandbox/deliveries").await;
    let told = deliveries["data"].as_array().unwrap().len() as u64;
    assert!(told > 100, "{told}");
    let kept = stripe_event::Entity::find();
    assert_eq!(kept.clone().count(w.look()).await.unwrap(), told);
    let open = kept.filter(stripe_event::Column::State.eq(EventState::Pending));
    assert_eq!(open.count(w.look()).await.unwrap(), 0);
    let organization = w.organization("acme").await;
    let subscription = &stripe.all("/v1/subscriptions").await[0];
    assert_eq!(organization.plan, Plan::Pro);
    assert_eq!(
        organization.subscription_status,
        SubscriptionStatus::PastDue
    );
    assert_eq!(subscription["status"], "past_due");
    let log = w.audit("acme").await;
    let by_stripe = log.iter().filter(|row| row.actor_type == "stripe");
    assert_eq!(by_stripe.count(), 1, "what there was to see was seen once");
    assert_eq!(w.broken_chains().await, []);
    let mut mails = 0;
    for _ in 0..200 {
        mails = std::fs::read_dir(&mail).map_or(0, Iterator::count);
        if mails > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(mails, 1, "and told once");
    program.stop();
}
