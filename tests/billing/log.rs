//! What is paid, and by whom, stands in the audit log.

use std::collections::BTreeSet;

use atrium::{
    access::Role,
    audit::model::Event,
    billing::{
        Plan,
        api::{CancelSubscription, ChangePlan, KeepSubscription, ResumeSubscription},
    },
    organizations::api::ContinueOnFree,
};
use serde_json::json;

use crate::world::{
    acme,
    stripe::{GOOD_CARD, Shop},
};

/// Goes through all that can happen to a subscription. Each must be in the log.
#[tokio::test]
async fn all_that_happens_to_a_subscription_is_in_the_log() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.w.member_of("acme", Role::Admin).await;
    let intent = String::new;
    let two = [
        shop.check_out(&owner, "acme", Plan::Starter).await,
        shop.check_out(&owner, "acme", Plan::Starter).await,
    ];
    for page in &two {
        shop.stripe.pay(page.location(), GOOD_CARD).await;
    }
    shop.settle().await;
    shop.w.all_mail().await;
    shop.settle().await;
    let change = ChangePlan {
        org: acme(),
        plan: "PRO".into(),
        reckoned_at: None,
        intent: intent(),
    };
    owner.call(change).await.unwrap();
    let cancel = CancelSubscription {
        org: acme(),
        intent: intent(),
    };
    owner.call(cancel).await.unwrap();
    let keep = KeepSubscription {
        org: acme(),
        intent: intent(),
    };
    owner.call(keep).await.unwrap();
    let customer = shop.w.organization("acme").await.stripe_customer_id;
    let card = async |number: &str| {
        let card = json!({ "customer": customer, "number": number });
        shop.stripe.tell("cards", card).await;
    };
    card("4000000000000341").await;
    shop.days_pass(32).await;
    card(GOOD_CARD).await;
    shop.days_pass(8).await;
    let id = shop.w.organization("acme").await.stripe_subscription_id;
    let path = format!("/v1/subscriptions/{}", id.unwrap());
    shop.stripe.delete(&path).await;
    shop.settle().await;
    owner.call(ContinueOnFree { org: acme() }).await.unwrap();
    let customer = customer.clone().unwrap();
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", "price_sandbox_pro"),
        ("trial_period_days", "5"),
        (
            "trial_settings[end_behavior][missing_payment_method]",
            "pause",
        ),
    ];
    shop.stripe.post("/v1/subscriptions", &form).await;
    shop.settle().await;
    shop.stripe
        .delete(&format!("/v1/customers/{customer}"))
        .await;
    shop.settle().await;
    // Another life, that of one who never had a card.
    let organization = shop.w.organization("acme").await.id.to_string();
    let other = shop.stripe.post("/v1/customers", &[]).await;
    let other = other["id"].as_str().unwrap();
    let mut form = form.to_vec();
    form[0].1 = other;
    form.push(("metadata[organization_id]", &organization));
    shop.stripe.post("/v1/subscriptions", &form).await;
    shop.settle().await;
    shop.days_pass(6).await;
    let good = json!({ "customer": other, "number": GOOD_CARD });
    shop.stripe.tell("cards", good).await;
    let resume = ResumeSubscription {
        org: acme(),
        intent: intent(),
    };
    owner.call(resume).await.unwrap();
    let log = shop.w.audit("acme").await;
    let written: BTreeSet<&str> = log.iter().map(|row| row.action.as_str()).collect();
    let written = written
        .into_iter()
        .filter(|action| action.starts_with("billing."));
    let all = Event::ACTIONS.iter().copied();
    let all: BTreeSet<&str> = all
        .filter(|action| action.starts_with("billing."))
        .collect();
    assert_eq!(written.collect::<BTreeSet<_>>(), all);
    for row in &log {
        let by_stripe = matches!(
            row.action.as_str(),
            "billing.subscription_started"
                | "billing.subscription_updated"
                | "billing.payment_failed"
                | "billing.payment_recovered"
                | "billing.subscription_ended"
                | "billing.second_subscription_given_back"
                | "billing.customer_deleted"
        );
        assert_eq!(row.actor_type == "stripe", by_stripe, "{}", row.action);
    }
    assert_eq!(shop.w.broken_chains().await, []);
}
