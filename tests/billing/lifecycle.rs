//! The whole life of a subscription, by what Stripe tells.

use atrium::{
    access::Role,
    billing::{
        Plan, Standing, SubscriptionStatus as Is,
        api::{CancelSubscription, GetBilling, KeepSubscription, ResumeSubscription},
    },
    organizations::api::ContinueOnFree,
};
use serde_json::json;

use crate::world::{
    acme,
    stripe::{GOOD_CARD, Shop},
};

const CARD_THAT_FAILS_LATER: &str = "4000 0000 0000 0341";

/// The actions of Stripe in an organization's audit log.
async fn told_by_stripe(shop: &Shop) -> Vec<String> {
    let log = shop.w.audit("acme").await;
    log.into_iter()
        .filter(|row| row.actor_type == "stripe")
        .map(|row| row.action)
        .collect()
}

#[tokio::test]
async fn who_pays_has_the_plan() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.plan, Plan::Pro);
    assert_eq!(organization.subscription_status, Is::Active);
    assert_eq!(
        organization.stripe_price_id.as_deref(),
        Some("price_sandbox_pro")
    );
    // All that goes to Stripe says whose it is.
    let id = organization.id.to_string();
    let session = &shop.stripe.all("/v1/checkout/sessions").await[0];
    assert_eq!(session["client_reference_id"], id);
    assert_eq!(session["metadata"]["organization_id"], id);
    let url = format!("{}/app/acme/settings/billing", shop.w.url);
    assert_eq!(session["success_url"], format!("{url}?success=true"));
    assert_eq!(session["cancel_url"], format!("{url}?canceled=true"));
    let subscription = &shop.stripe.all("/v1/subscriptions").await[0];
    assert_eq!(subscription["metadata"]["organization_id"], id);
    assert_eq!(
        organization.stripe_subscription_id.as_deref(),
        subscription["id"].as_str()
    );
    let end = subscription["items"]["data"][0]["current_period_end"].as_i64();
    assert_eq!(
        organization.current_period_end.map(|end| end.timestamp()),
        end
    );
    assert_eq!(
        told_by_stripe(&shop).await,
        ["billing.subscription_started"]
    );
    let report = owner.call(GetBilling { org: acme() }).await.unwrap();
    let known = report.at_stripe.unwrap();
    assert_eq!(known.card.unwrap().last4, "4242");
    assert_eq!(known.invoices.len(), 1);
    assert_eq!(known.invoices[0].total.to_string(), "$99");
    assert!(known.invoices[0].pdf.is_some());
    assert_eq!(shop.w.broken_chains().await, []);
}

#[tokio::test]
async fn a_payment_that_fails_is_told_and_recovers() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.w.member_of("acme", Role::Admin).await;
    let second = shop.w.account("second@acme.test").await;
    shop.w.join("acme", second, Role::Owner).await;
    let begun = shop.check_out(&owner, "acme", Plan::Starter).await;
    let paid = shop
        .stripe
        .pay(begun.location(), CARD_THAT_FAILS_LATER)
        .await;
    assert_eq!(paid.status, 303, "{}", paid.body);
    shop.settle().await;
    assert_eq!(
        shop.w.organization("acme").await.subscription_status,
        Is::Active
    );
    shop.days_pass(32).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::PastDue);
    assert_eq!(organization.plan, Plan::Starter);
    let page = owner.get("/app/acme").await;
    assert!(page.body.contains("The last payment"), "everyone is told");
    // One mail to each owner, and to nobody else, however often it is tried.
    shop.days_pass(3).await;
    for (person, mails) in [("owner", 1), ("second", 1), ("admin", 0)] {
        let to = format!("{person}@acme.test");
        let failed = shop.w.mails_about(&to, "A payment for ACME failed").await;
        assert_eq!(failed, mails, "{to}");
    }
    // Another card pays what is open.
    let customer = organization.stripe_customer_id.unwrap();
    shop.stripe
        .tell(
            "cards",
            json!({ "customer": customer, "number": GOOD_CARD }),
        )
        .await;
    let open = shop.stripe.all("/v1/invoices?status=open").await;
    let invoice = open[0]["id"].as_str().unwrap();
    shop.stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[])
        .await;
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Active);
    assert_eq!(
        told_by_stripe(&shop).await,
        [
            "billing.subscription_started",
            "billing.payment_failed",
            "billing.payment_recovered"
        ]
    );
}

#[tokio::test]
async fn who_never_pays_is_suspended_and_opens_again_by_paying() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.stripe
        .tell("settings", json!({ "after_retries": "unpaid" }))
        .await;
    let begun = shop.check_out(&owner, "acme", Plan::Pro).await;
    shop.stripe
        .pay(begun.location(), CARD_THAT_FAILS_LATER)
        .await;
    shop.settle().await;
    shop.days_pass(60).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Unpaid);
    assert_eq!(organization.plan, Plan::Pro, "the plan is kept");
    let page = owner.get("/app/acme/projects").await;
    assert_eq!(page.location(), "/app/acme/reactivate");
    let billing = owner.get("/app/acme/settings/billing").await;
    assert_eq!(billing.status, 200, "billing can always be reached");
    let free = owner.call(ContinueOnFree { org: acme() }).await;
    assert_eq!(free.map_err(|error| error.status()), Err(402));
    let customer = organization.stripe_customer_id.unwrap();
    shop.stripe
        .tell(
            "cards",
            json!({ "customer": customer, "number": GOOD_CARD }),
        )
        .await;
    for invoice in shop.stripe.all("/v1/invoices?status=open").await {
        let id = invoice["id"].as_str().unwrap();
        shop.stripe
            .post(&format!("/v1/invoices/{id}/pay"), &[])
            .await;
    }
    shop.settle().await;
    let status = shop.w.organization("acme").await.subscription_status;
    assert_eq!(status, Is::Active);
    assert_eq!(owner.get("/app/acme/projects").await.status, 200);
}

#[tokio::test]
async fn a_subscription_ends_by_itself_and_another_one_can_follow() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let cancel = || CancelSubscription {
        org: acme(),
        intent: String::new(),
    };
    owner.call(cancel()).await.unwrap();
    assert!(shop.w.organization("acme").await.cancel_at_period_end);
    let keep = KeepSubscription {
        org: acme(),
        intent: String::new(),
    };
    owner.call(keep).await.unwrap();
    assert!(!shop.w.organization("acme").await.cancel_at_period_end);
    owner.call(cancel()).await.unwrap();
    shop.settle().await;
    shop.days_pass(32).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Canceled);
    assert_eq!(organization.plan, Plan::Free);
    assert_eq!(organization.stripe_subscription_id, None);
    assert_eq!(organization.stripe_price_id, None);
    assert_eq!(
        organization.subscription_status.standing(),
        Standing::Lapsed
    );
    let page = owner.get("/app/acme").await;
    assert_eq!(page.location(), "/app/acme/reactivate");
    owner.call(ContinueOnFree { org: acme() }).await.unwrap();
    // All that was ever told is told again: Free is still what was chosen.
    for event in shop.stripe.all("/v1/events?limit=100").await {
        let id = event["id"].as_str().unwrap();
        atrium::billing::server::work::retry(&shop.w.services, id)
            .await
            .unwrap();
    }
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::None);
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.plan, Plan::Starter);
    assert_eq!(organization.subscription_status, Is::Active);
    assert_eq!(shop.stripe.all("/v1/customers").await.len(), 1);
}

#[tokio::test]
async fn a_trial_is_told_of_before_it_ends_and_pauses_without_a_card() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    // Made by hand, in Stripe's dashboard, for an organization without a customer.
    let id = shop.w.organization("acme").await.id.to_string();
    let customer = shop.stripe.post("/v1/customers", &[]).await;
    let form = [
        ("customer", customer["id"].as_str().unwrap()),
        ("items[0][price]", "price_sandbox_pro"),
        ("trial_period_days", "14"),
        (
            "trial_settings[end_behavior][missing_payment_method]",
            "pause",
        ),
        ("metadata[organization_id]", &id),
    ];
    shop.stripe.post("/v1/subscriptions", &form).await;
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Trialing);
    assert_eq!(organization.plan, Plan::Pro);
    assert_eq!(
        organization.stripe_customer_id.as_deref(),
        customer["id"].as_str()
    );
    shop.days_pass(12).await;
    let told = shop
        .w
        .mails_about("owner@acme.test", "The trial of ACME ends soon")
        .await;
    assert_eq!(told, 1);
    shop.days_pass(4).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Paused);
    let customer = organization.stripe_customer_id.unwrap();
    shop.stripe
        .tell(
            "cards",
            json!({ "customer": customer, "number": GOOD_CARD }),
        )
        .await;
    let resume = ResumeSubscription {
        org: acme(),
        intent: String::new(),
    };
    owner.call(resume).await.unwrap();
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.subscription_status, Is::Active);
}

#[tokio::test]
async fn an_unknown_price_keeps_the_plan_and_is_told_to_the_operator() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let product = shop.stripe.post("/v1/products", &[("name", "Gold")]).await;
    let form = [
        ("product", product["id"].as_str().unwrap()),
        ("currency", "usd"),
        ("unit_amount", "1200"),
        ("recurring[interval]", "month"),
    ];
    let price = shop.stripe.post("/v1/prices", &form).await;
    let subscription = &shop.stripe.all("/v1/subscriptions").await[0];
    let form = [
        (
            "items[0][id]",
            subscription["items"]["data"][0]["id"].as_str().unwrap(),
        ),
        ("items[0][price]", price["id"].as_str().unwrap()),
    ];
    let path = format!("/v1/subscriptions/{}", subscription["id"].as_str().unwrap());
    shop.stripe.post(&path, &form).await;
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.plan, Plan::Pro);
    assert_eq!(
        organization.stripe_price_id.as_deref(),
        price["id"].as_str()
    );
    let events = atrium::billing::server::work::newest(&shop.w.services, 50, true)
        .await
        .unwrap();
    let note = events[0].note.as_deref().unwrap();
    assert!(note.contains("unknown price"), "{note}");
    assert!(events.iter().all(|event| event.is_alert));
}

#[tokio::test]
async fn a_customer_that_was_deleted_is_made_anew() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let gone = shop
        .w
        .organization("acme")
        .await
        .stripe_customer_id
        .unwrap();
    shop.stripe.delete(&format!("/v1/customers/{gone}")).await;
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.stripe_customer_id, None);
    assert_eq!(organization.subscription_status, Is::Canceled);
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.plan, Plan::Starter);
    assert!(
        organization
            .stripe_customer_id
            .is_some_and(|customer| customer != gone)
    );
}
