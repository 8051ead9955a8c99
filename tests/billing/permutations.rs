//! Events come in any order, several times, and several at once.

use std::sync::Arc;

use atrium::{
    billing::{Plan, SubscriptionStatus},
    entity::{audit_log, billing_sync, organization, stripe_event, surplus_subscription},
    id::OrgId,
};
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::world::{
    Browser, World,
    stripe::{GOOD_CARD, SECRET, Shop},
};

const ORDERS: usize = 1_000;
const SENDERS: usize = 8;

fn signature(payload: &str, at: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{at}.{payload}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={digits}")
}

/// Sends all of them, by so many at once.
async fn deliver(w: &World, senders: &[Browser], payloads: Vec<Arc<str>>) {
    let queue = Arc::new(tokio::sync::Mutex::new(payloads));
    let mut sending = tokio::task::JoinSet::new();
    for sender in senders {
        let (queue, sender) = (Arc::clone(&queue), sender.clone());
        let now = w.services.clock.now().timestamp();
        sending.spawn(async move {
            while let Some(payload) = { queue.lock().await.pop() } {
                send(&sender, &payload, now).await;
            }
        });
    }
    sending.join_all().await;
    w.events_are_followed().await;
}

async fn send(sender: &Browser, payload: &str, now: i64) {
    let request = sender
        .raw()
        .post(sender.at("/api/stripe/webhook"))
        .header("stripe-signature", signature(payload, now))
        .body(payload.to_owned());
    assert_eq!(request.send().await.unwrap().status(), 200);
}

/// The audit log from some row on.
async fn rows_after(w: &World, organization: OrgId, rows: usize) -> Vec<audit_log::Model> {
    audit_log::Entity::find()
        .filter(audit_log::Column::OrganizationId.eq(organization))
        .filter(audit_log::Column::Seq.gt(i64::try_from(rows).unwrap()))
        .order_by_asc(audit_log::Column::Seq)
        .all(w.look())
        .await
        .unwrap()
}

/// Forgets what Stripe told of the organization, but not its customer.
async fn forget(w: &World, before: &organization::Model) {
    let tx = w.db.write("a test forgets").await.unwrap();
    stripe_event::Entity::delete_many()
        .exec(&*tx)
        .await
        .unwrap();
    billing_sync::Entity::delete_many()
        .exec(&*tx)
        .await
        .unwrap();
    surplus_subscription::Entity::delete_many()
        .exec(&*tx)
        .await
        .unwrap();
    organization::Entity::update(organization::ActiveModel {
        id: Set(before.id),
        plan: Set(Plan::Free),
        subscription_status: Set(SubscriptionStatus::None),
        stripe_subscription_id: Set(None),
        stripe_price_id: Set(None),
        current_period_start: Set(None),
        current_period_end: Set(None),
        cancel_at_period_end: Set(false),
        updated_at: Set(before.updated_at),
        ..Default::default()
    })
    .exec(&*tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// A life of which nobody was told yet: paid, renewed, failed, recovered,
/// ended, taken up again, changed, and about to end.
async fn untold_life(shop: &Shop) {
    let owner = shop.w.owner_of("acme").await;
    let quiet = json!({ "paused": true });
    shop.stripe.tell("webhooks", quiet).await;
    let first = shop.check_out(&owner, "acme", Plan::Starter).await;
    shop.stripe.pay(first.location(), GOOD_CARD).await;
    let forward = async |days: i64| {
        let by = json!({ "advance": days * 86_400 });
        shop.stripe.tell("clock", by).await;
    };
    forward(32).await;
    let customer = shop.stripe.all("/v1/customers").await[0]["id"].clone();
    let card = async |number: &str| {
        let card = json!({ "customer": customer, "number": number });
        shop.stripe.tell("cards", card).await;
    };
    card("4000000000000341").await;
    forward(31).await;
    card("4242424242424242").await;
    forward(4).await;
    let of_first = shop.stripe.all("/v1/subscriptions").await[0]["id"].clone();
    let path = format!("/v1/subscriptions/{}", of_first.as_str().unwrap());
    shop.stripe.delete(&path).await;
    let second = shop.check_out(&owner, "acme", Plan::Starter).await;
    shop.stripe.pay(second.location(), GOOD_CARD).await;
    let now = &shop.stripe.all("/v1/subscriptions").await[0];
    let path = format!("/v1/subscriptions/{}", now["id"].as_str().unwrap());
    let item = now["items"]["data"][0]["id"].as_str().unwrap();
    let up = [
        ("items[0][id]", item),
        ("items[0][price]", "price_sandbox_pro"),
        ("proration_behavior", "always_invoice"),
    ];
    shop.stripe.post(&path, &up).await;
    forward(31).await;
    let end = [("cancel_at_period_end", "true")];
    shop.stripe.post(&path, &end).await;
}

/// What an endpoint asks for that follows subscriptions.
fn asked_for(event: &&Value) -> bool {
    let kind = event["type"].as_str().unwrap();
    let ours = [
        "customer.subscription.",
        "checkout.session.completed",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.finalized",
        "customer.created",
    ];
    ours.iter().any(|ours| kind.starts_with(ours))
}

fn payloads(events: &[Value]) -> Vec<Arc<str>> {
    let events = events.iter().filter(asked_for);
    events.map(|event| event.to_string().into()).collect()
}

/// All that an organization is by its subscription, without when that was seen.
fn told(organization: organization::Model) -> organization::Model {
    organization::Model {
        updated_at: organization.created_at,
        ..organization
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_orders_lead_to_the_state_that_stripe_has() {
    let shop = Shop::open().await;
    untold_life(&shop).await;
    let events = payloads(&shop.stripe.all("/v1/events?limit=100").await);
    assert!((30..40).contains(&events.len()), "{}", events.len());
    let at_first = shop.w.organization("acme").await;
    let mut expected: Option<organization::Model> = None;
    let mut random = StdRng::seed_from_u64(7);
    let senders: Vec<Browser> = (0..SENDERS).map(|_| shop.w.visitor()).collect();
    let mut rows = shop.w.audit("acme").await.len();
    for order in 0..ORDERS {
        let mut sent: Vec<Arc<str>> = Vec::new();
        for event in &events {
            let copies = random.random_range(1..=3);
            sent.extend(std::iter::repeat_n(Arc::clone(event), copies));
        }
        sent.shuffle(&mut random);
        deliver(&shop.w, &senders, sent).await;
        let now = told(shop.w.organization("acme").await);
        let expected = expected.get_or_insert_with(|| now.clone());
        assert_eq!(now, *expected, "order {order}");
        // One row for what there was to see, and no mail: nothing is amiss.
        let log = rows_after(&shop.w, at_first.id, rows).await;
        rows += log.len();
        let new: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
        let last = ["billing.subscription_started"];
        let both = ["billing.subscription_ended", last[0]];
        assert!(new == last || new == both, "order {order}: {new:?}");
        forget(&shop.w, &at_first).await;
    }
    let expected = expected.unwrap();
    let subscription = &shop.stripe.all("/v1/subscriptions").await[0];
    assert_eq!(
        expected.stripe_subscription_id.as_deref(),
        subscription["id"].as_str()
    );
    assert_eq!(expected.plan, Plan::Pro);
    assert_eq!(expected.subscription_status, SubscriptionStatus::Active);
    assert_eq!(subscription["status"], "active");
    assert!(expected.cancel_at_period_end);
    assert_eq!(subscription["cancel_at_period_end"], true);
    let end = subscription["items"]["data"][0]["current_period_end"].as_i64();
    assert_eq!(expected.current_period_end.map(|end| end.timestamp()), end);
    assert_eq!(shop.w.broken_chains().await, []);
}

#[tokio::test]
async fn each_effect_comes_once_however_often_its_events_do() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let copies = json!({ "copies": 3, "shuffle": true, "delay_ms": 5 });
    shop.stripe.tell("webhooks", copies).await;
    let begun = shop.check_out(&owner, "acme", Plan::Pro).await;
    shop.stripe.pay(begun.location(), GOOD_CARD).await;
    let customer = async || shop.w.organization("acme").await.stripe_customer_id;
    let card = async |number: &str| {
        let card = json!({ "customer": customer().await, "number": number });
        shop.stripe.tell("cards", card).await;
    };
    let again = async || {
        shop.settle().await;
        for event in shop.stripe.all("/v1/events?limit=100").await {
            let id = event["id"].as_str().unwrap();
            // As if it had never been looked at.
            atrium::billing::server::work::retry(&shop.w.services, id)
                .await
                .unwrap();
        }
        shop.settle().await;
    };
    again().await;
    card("4000000000000341").await;
    shop.days_pass(32).await;
    again().await;
    card("4242424242424242").await;
    shop.days_pass(4).await;
    again().await;
    let id = shop.w.organization("acme").await.stripe_subscription_id;
    shop.stripe
        .delete(&format!("/v1/subscriptions/{}", id.unwrap()))
        .await;
    again().await;
    let log = shop.w.audit("acme").await;
    let by_stripe: Vec<&str> = log
        .iter()
        .filter(|row| row.actor_type == "stripe")
        .map(|row| row.action.as_str())
        .collect();
    assert_eq!(
        by_stripe,
        [
            "billing.subscription_started",
            "billing.payment_failed",
            "billing.payment_recovered",
            "billing.subscription_ended",
        ]
    );
    let to = "owner@acme.test";
    for subject in [
        "A payment for ACME failed",
        "The payment for ACME went through",
        "The subscription of ACME has ended",
    ] {
        assert_eq!(shop.w.mails_about(to, subject).await, 1, "{subject}");
    }
}
