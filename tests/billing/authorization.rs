//! Nobody but an owner pays, or changes what is paid.

use crate::world::stripe::Shop;
use atrium::{access::Role, billing::Plan};

/// All that shows what is paid, pays or changes it.
const FUNCTIONS: [&str; 9] = [
    "get_billing",
    "start_checkout",
    "open_portal",
    "pay_invoice",
    "preview_plan",
    "change_plan",
    "cancel_subscription",
    "keep_subscription",
    "resume_subscription",
];

#[tokio::test]
async fn whoever_is_no_owner_makes_nothing_at_stripe() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let others = [
        (shop.w.member_of("acme", Role::Admin).await, 403),
        (shop.w.member_of("acme", Role::Member).await, 403),
        (shop.w.member_of("acme", Role::Viewer).await, 403),
        (shop.w.owner_of("other").await, 404),
        (shop.w.visitor(), 401),
    ];
    let events = shop.stripe.all("/v1/events?limit=100").await;
    for function in FUNCTIONS {
        for (who, status) in &others {
            let body = "org=acme&plan=STARTER&intent=0123456789";
            let path = format!("/_fn/{function}");
            let met = who.post(&path, body, "application/json").await;
            assert_eq!(met.status, *status, "{function}");
        }
    }
    assert_eq!(shop.stripe.all("/v1/checkout/sessions").await.len(), 1);
    assert_eq!(shop.stripe.all("/v1/events?limit=100").await, events);
}

#[tokio::test]
async fn a_price_of_ones_own_is_of_no_use() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    for smuggled in [
        "plan=price_sandbox_starter",
        "plan=FREE",
        "plan=",
        "price=price_sandbox_starter",
        "priceId=price_sandbox_starter&plan=GOLD",
        "plan[]=PRO",
    ] {
        let body = format!("org=acme&{smuggled}");
        let met = owner
            .post("/_fn/start_checkout", body, "application/json")
            .await;
        assert_eq!(met.status, 422, "{smuggled}: {}", met.body);
    }
    assert!(shop.stripe.all("/v1/checkout/sessions").await.is_empty());
    // Beside a plan, it is nothing that anyone reads.
    let body = "org=acme&plan=PRO&priceId=price_sandbox_starter&price=price_sandbox_starter";
    let met = owner
        .post("/_fn/start_checkout", body, "application/json")
        .await;
    assert!(met.status.is_success());
    let session = &shop.stripe.all("/v1/checkout/sessions").await[0];
    assert_eq!(session["amount_total"], 9_900);
}

#[tokio::test]
async fn a_form_of_another_site_begins_nothing() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let request = owner
        .raw()
        .post(owner.at("/_fn/start_checkout"))
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("org=acme&plan=PRO");
    assert_eq!(request.send().await.unwrap().status(), 403);
    assert_eq!(shop.stripe.all("/v1/customers").await.len(), 0);
}

#[tokio::test]
async fn a_form_may_lead_to_where_one_pays_and_nowhere_else() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let page = owner.get("/app/acme/settings/billing").await;
    let policy = page.header("content-security-policy").to_owned();
    let (_, forms) = policy.split_once("form-action ").unwrap();
    let allowed: Vec<&str> = forms.split_whitespace().collect();
    assert_eq!(
        allowed,
        [
            "'self'",
            &shop.stripe.url,
            "https://checkout.stripe.com",
            "https://billing.stripe.com",
            "https://invoice.stripe.com"
        ]
    );
}
