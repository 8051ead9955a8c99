//! Stripe is slow, or down.

use atrium::{
    billing::{Plan, SubscriptionStatus, api::CancelSubscription},
    error::AppError,
    organizations::api::DeleteOrganization,
};
use chrono::TimeDelta;
use serde_json::json;

use crate::world::{Browser, acme, stripe::Shop};

async fn delete(owner: &Browser) -> Result<(), AppError> {
    let delete = DeleteOrganization {
        org: acme(),
        confirmation: "acme".into(),
    };
    owner.call(delete).await
}

#[tokio::test]
async fn nothing_is_half_done_while_stripe_is_down() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.stripe.tell("outage", json!({ "mode": "down" })).await;
    let refused = shop.check_out(&owner, "acme", Plan::Pro).await;
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("reach Stripe"), "{}", refused.body);
    let before = shop.w.organization("acme").await;
    assert_eq!(before.stripe_customer_id, None);
    // Billing says what is known, and the pages for everyone have prices.
    assert_eq!(owner.get("/app/acme/settings/billing").await.status, 200);
    assert!(owner.get("/pricing").await.body.contains("$29"));
    shop.stripe.tell("outage", json!({ "mode": "none" })).await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let subscribed = shop.w.organization("acme").await;
    assert_eq!(subscribed.plan, Plan::Pro);
    shop.stripe.tell("outage", json!({ "mode": "down" })).await;
    let page = owner.get("/app/acme/settings/billing").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("be reached just now"), "it says so");
    let cancel = CancelSubscription {
        org: acme(),
        intent: String::new(),
    };
    assert_eq!(owner.call(cancel).await, Err(AppError::StripeUnavailable));
    assert_eq!(shop.w.organization("acme").await, subscribed);
}

#[tokio::test]
async fn events_wait_until_stripe_can_be_asked() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let begun = shop.check_out(&owner, "acme", Plan::Pro).await;
    shop.stripe
        .tell("webhooks", json!({ "paused": true }))
        .await;
    shop.stripe
        .pay(begun.location(), crate::world::stripe::GOOD_CARD)
        .await;
    shop.stripe.tell("outage", json!({ "mode": "down" })).await;
    shop.stripe
        .tell("webhooks", json!({ "paused": false }))
        .await;
    // All of them are acknowledged, and none of them is followed.
    shop.stripe.flush().await;
    let status = shop.w.organization("acme").await.subscription_status;
    assert_eq!(status, SubscriptionStatus::None);
    shop.stripe.tell("outage", json!({ "mode": "none" })).await;
    shop.w.wait(TimeDelta::hours(2));
    shop.w.services.events_stored.notify_one();
    shop.settle().await;
    let status = shop.w.organization("acme").await.subscription_status;
    assert_eq!(status, SubscriptionStatus::Active);
}

#[tokio::test]
async fn an_organization_that_is_deleted_pays_nothing_more() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    // Somebody has a page open at which they could still pay.
    let open = shop.check_out(&owner, "acme", Plan::Pro).await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    shop.stripe.tell("outage", json!({ "mode": "down" })).await;
    delete(&owner).await.unwrap();
    // However often it is tried in vain, it isn't forgotten.
    use atrium::entity::outbox;
    use sea_orm::{ActiveValue::Set, EntityTrait};
    let owed = outbox::Entity::find().all(shop.w.look()).await.unwrap();
    let owed = owed.into_iter().find(|row| row.effect["stripe"] == "end");
    let tx = shop.w.db.write("a test tries often").await.unwrap();
    outbox::Entity::update(outbox::ActiveModel {
        id: Set(owed.unwrap().id),
        attempts: Set(atrium::server::outbox::MOST_TRIES - 1),
        ..Default::default()
    })
    .exec(&*tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    for _ in 0..10 {
        shop.w.wait(TimeDelta::hours(2));
        shop.w.services.outbox_filled.notify_one();
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    }
    assert_eq!(
        atrium::server::outbox::given_up(&shop.w.services).await,
        Ok(0)
    );
    shop.stripe.tell("outage", json!({ "mode": "none" })).await;
    for _ in 0..200 {
        shop.w.wait(TimeDelta::hours(2));
        shop.w.services.outbox_filled.notify_one();
        let live = shop.stripe.all("/v1/subscriptions").await;
        if live.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(shop.stripe.all("/v1/subscriptions").await.len(), 0);
    let ended = &shop.stripe.all("/v1/subscriptions?status=all").await[0];
    assert_eq!(ended["status"], "canceled");
    let late = shop
        .stripe
        .pay(open.location(), crate::world::stripe::GOOD_CARD)
        .await;
    assert_ne!(late.status, 303, "the page is closed");
}

#[tokio::test]
async fn a_slow_stripe_holds_nobody_up_for_long() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let slow = json!({ "mode": "slow", "ms": 60_000 });
    shop.stripe.tell("outage", slow).await;
    let page = owner.get("/app/acme/settings/billing").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("be reached just now"));
    let refused = owner
        .post("/_fn/open_portal", "org=acme", "application/json")
        .await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    // Nobody else waits with them.
    assert_eq!(owner.get("/app/acme/projects").await.status, 200);
}
