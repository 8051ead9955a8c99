//! What was read of Stripe may be old by the time that it is looked at.

use atrium::billing::{
    Plan, SubscriptionStatus as Is,
    server::{apply, work},
};

use crate::world::{
    World,
    hold::Held,
    stripe::{Shop, Stripe},
};

async fn shop() -> (Shop, Held) {
    let stripe = Stripe::start().await;
    let held = Held::before(&stripe.url, reqwest::Client::new()).await;
    let mut options = stripe.options();
    options.pop();
    options.push(&held.url);
    let w = World::with(&options).await;
    stripe.sends_to(&w.url).await;
    (Shop { w, stripe }, held)
}

#[tokio::test]
async fn what_was_read_first_and_comes_last_is_read_again() {
    let (shop, held) = shop().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let id = shop.w.organization("acme").await.stripe_subscription_id;
    let id = id.unwrap();
    let path = format!("/v1/subscriptions/{id}");
    // The first look tells whose it is, and the second what is compared.
    held.hold(&path, 1);
    let services = shop.w.services.clone();
    let slow = tokio::spawn(async move {
        let stripe = services.stripe.clone().unwrap();
        apply::now(&services, &stripe, &id).await
    });
    held.caught().await;
    // Somebody has read that it is active, and is slow to say so.
    shop.stripe.delete(&path).await;
    shop.stripe.flush().await;
    let mut status = Is::Active;
    for _ in 0..500 {
        status = shop.w.organization("acme").await.subscription_status;
        if status == Is::Canceled {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(status, Is::Canceled);
    held.release();
    slow.await.unwrap().unwrap();
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Canceled);
    assert_eq!(organization.plan, Plan::Free);
}

#[tokio::test]
async fn an_event_that_two_look_after_has_its_effect_once() {
    let (shop, held) = shop().await;
    shop.w.owner_of("acme").await;
    let id = shop.w.organization("acme").await.id.to_string();
    let customer = shop.stripe.post("/v1/customers", &[]).await;
    let form = [
        ("customer", customer["id"].as_str().unwrap()),
        ("items[0][price]", "price_sandbox_pro"),
        ("trial_period_days", "14"),
        ("default_payment_method", "pm_card_visa"),
        ("metadata[organization_id]", &id),
    ];
    let made = shop.stripe.post("/v1/subscriptions", &form).await;
    shop.settle().await;
    held.hold(made["id"].as_str().unwrap(), 0);
    let days = serde_json::json!({ "advance": 12 * 86_400 });
    shop.stripe.tell("clock", days).await;
    held.caught().await;
    // As if the one who looks had been given up for lost.
    let events = shop.stripe.all("/v1/events?limit=100").await;
    let told = events
        .iter()
        .find(|event| event["type"] == "customer.subscription.trial_will_end");
    let told = told.unwrap()["id"].as_str().unwrap();
    work::retry(&shop.w.services, told).await.unwrap();
    shop.w.events_are_followed().await;
    held.release();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let mails = shop
        .w
        .mails_about("owner@acme.test", "The trial of ACME ends soon")
        .await;
    assert_eq!(mails, 1);
}
