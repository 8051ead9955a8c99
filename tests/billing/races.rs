//! Several at once.

use atrium::{
    access::Role,
    billing::{Plan, SubscriptionStatus},
};

use crate::world::stripe::{GOOD_CARD, Shop};

#[tokio::test]
async fn twenty_who_go_to_pay_are_one_customer() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let mut going = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let owner = owner.clone();
        going.spawn(async move {
            let body = "org=acme&plan=PRO";
            let path = "/_fn/start_checkout";
            owner.post(path, body, "application/json").await
        });
    }
    let answers = going.join_all().await;
    for answer in &answers {
        assert!(answer.status.is_success(), "{answer:?}");
    }
    let customers = shop.stripe.all("/v1/customers?limit=100").await;
    assert_eq!(customers.len(), 1);
    let sessions = shop.stripe.all("/v1/checkout/sessions?limit=100").await;
    assert_eq!(sessions.len(), 20);
    for session in sessions {
        assert_eq!(session["customer"], customers[0]["id"]);
    }
    let organization = shop.w.organization("acme").await;
    assert_eq!(
        organization.stripe_customer_id.as_deref(),
        customers[0]["id"].as_str()
    );
}

#[tokio::test]
async fn one_who_asks_twice_pays_at_one_page() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let body = "org=acme&plan=PRO&intent=0198c9d2-1111-7111-8111-000000000000";
    let path = "/_fn/start_checkout";
    let first = owner.post(path, body, "application/json").await;
    let again = owner.post(path, body, "application/json").await;
    assert_eq!(first.location(), again.location());
    assert_eq!(shop.stripe.all("/v1/checkout/sessions").await.len(), 1);
}

#[tokio::test]
async fn of_two_owners_who_both_pay_one_gets_the_money_back() {
    let shop = Shop::open().await;
    let ada = shop.w.owner_of("acme").await;
    let user = shop.w.account("bea@acme.test").await;
    shop.w.join("acme", user, Role::Owner).await;
    let bea = shop.w.visitor();
    bea.sign_in("bea@acme.test", crate::world::PASSWORD)
        .await
        .unwrap();
    let first = shop.check_out(&ada, "acme", Plan::Pro).await;
    let second = shop.check_out(&bea, "acme", Plan::Starter).await;
    // The events wait until both have paid.
    shop.stripe
        .tell(
            "webhooks",
            serde_json::json!({ "paused": true, "shuffle": true }),
        )
        .await;
    for address in [first.location(), second.location()] {
        assert_eq!(shop.stripe.pay(address, GOOD_CARD).await.status, 303);
    }
    shop.stripe
        .tell(
            "webhooks",
            serde_json::json!({ "paused": false, "copies": 3 }),
        )
        .await;
    shop.settle().await;
    // What is owed to Stripe is done, which tells more.
    shop.w.all_mail().await;
    shop.settle().await;
    let subscriptions = shop.stripe.all("/v1/subscriptions?status=all").await;
    let live: Vec<_> = subscriptions
        .iter()
        .filter(|subscription| subscription["status"] == "active")
        .collect();
    assert_eq!(subscriptions.len(), 2);
    assert_eq!(live.len(), 1);
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, SubscriptionStatus::Active);
    assert_eq!(
        organization.stripe_subscription_id.as_deref(),
        live[0]["id"].as_str()
    );
    let refunds = shop.stripe.all("/v1/refunds").await;
    assert_eq!(refunds.len(), 1, "{refunds:?}");
    let paid = if organization.plan == Plan::Pro {
        2_900
    } else {
        9_900
    };
    assert_eq!(refunds[0]["amount"], paid);
    // It is said so: by mail, in the log, and on the page.
    for to in ["owner@acme.test", "bea@acme.test"] {
        assert_eq!(shop.w.mails_about(to, "ACME was paid for twice").await, 1);
    }
    let log = shop.w.audit("acme").await;
    let given_back = log
        .iter()
        .filter(|row| row.action == "billing.second_subscription_given_back");
    assert_eq!(given_back.count(), 1);
    let page = bea.get("/app/acme/settings/billing?success=true").await;
    assert!(page.body.contains("paid for twice"));
    // Nothing that comes later brings the second one back.
    for event in shop.stripe.all("/v1/events?limit=100").await {
        let id = event["id"].as_str().unwrap();
        let path = format!("events/{id}/resend");
        shop.stripe.tell(&path, serde_json::json!({})).await;
    }
    shop.settle().await;
    let after = shop.w.organization("acme").await;
    assert_eq!(after, organization);
}

#[tokio::test]
async fn who_is_subscribed_is_led_to_a_change() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let again = shop.check_out(&owner, "acme", Plan::Pro).await;
    assert_eq!(again.status, 409);
    assert!(again.body.contains("subscribed"), "{}", again.body);
    assert_eq!(shop.stripe.all("/v1/checkout/sessions").await.len(), 1);
}

#[tokio::test]
async fn who_paid_and_was_not_told_yet_does_not_pay_again() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.stripe
        .tell("webhooks", serde_json::json!({ "paused": true }))
        .await;
    let begun = shop.check_out(&owner, "acme", Plan::Pro).await;
    shop.stripe.pay(begun.location(), GOOD_CARD).await;
    let page = owner.get("/app/acme/settings/billing?success=true").await;
    assert!(page.body.contains("Confirming your payment"));
    assert!(!page.body.contains("Subscribe to"), "it isn't offered");
    let again = shop.check_out(&owner, "acme", Plan::Pro).await;
    assert_eq!(again.status, 409, "{}", again.body);
    // And by that it is known.
    assert_eq!(shop.w.organization("acme").await.plan, Plan::Pro);
    assert_eq!(shop.stripe.all("/v1/checkout/sessions").await.len(), 1);
}
