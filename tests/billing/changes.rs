//! Another plan for a subscription that there is.

use atrium::{
    billing::{
        Limit, Plan,
        api::{ChangePlan, GetBilling, KeepSubscription, PreviewPlan},
        model::OverLimit,
    },
    error::{AppError, Conflict},
    projects::api::CreateProject,
};
use serde_json::json;

use crate::world::{acme, project, stripe::Shop};

fn preview(plan: Plan) -> PreviewPlan {
    PreviewPlan {
        org: acme(),
        plan: plan.name().into(),
    }
}

fn change(plan: Plan, reckoned_at: Option<i64>) -> ChangePlan {
    ChangePlan {
        org: acme(),
        plan: plan.name().into(),
        reckoned_at,
        intent: String::new(),
    }
}

#[tokio::test]
async fn an_upgrade_costs_what_the_preview_says_and_is_had_at_once() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let seen = owner.call(preview(Plan::Pro)).await.unwrap();
    let cost = seen.cost.unwrap();
    let due = cost.due_now.unwrap();
    assert!(due.minor() > 6_900 && due.minor() <= 7_000, "{due}");
    assert!(seen.over.is_empty());
    owner
        .call(change(Plan::Pro, Some(cost.reckoned_at)))
        .await
        .unwrap();
    // Before any event has come.
    assert_eq!(shop.w.organization("acme").await.plan, Plan::Pro);
    shop.settle().await;
    assert_eq!(shop.w.organization("acme").await.plan, Plan::Pro);
    let invoices = shop.stripe.all("/v1/invoices").await;
    assert_eq!(invoices.len(), 2);
    assert_eq!(invoices[1]["total"], due.minor());
    assert_eq!(invoices[1]["status"], "paid");
    let log = shop.w.audit("acme").await;
    let of = |action: &str| log.iter().filter(|row| row.action == action).count();
    assert_eq!(of("billing.plan_change_requested"), 1);
    assert_eq!(of("billing.subscription_updated"), 1);
}

#[tokio::test]
async fn a_declined_upgrade_changes_nothing() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let before = shop.w.organization("acme").await;
    let customer = before.stripe_customer_id.clone().unwrap();
    shop.stripe
        .tell(
            "cards",
            json!({ "customer": customer, "number": "4000000000000341" }),
        )
        .await;
    shop.settle().await;
    let declined = owner.call(change(Plan::Pro, None)).await;
    assert_eq!(declined, Err(AppError::PaymentDeclined));
    shop.settle().await;
    assert_eq!(shop.w.organization("acme").await, before);
    let subscription = &shop.stripe.all("/v1/subscriptions").await[0];
    assert_eq!(
        subscription["items"]["data"][0]["price"]["id"],
        "price_sandbox_starter"
    );
}

#[tokio::test]
async fn a_downgrade_lists_what_is_over_the_limits_and_deletes_nothing() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    for name in 0..12 {
        let new = CreateProject {
            org: acme(),
            new: project(&format!("Project {name}")),
        };
        owner.call(new).await.unwrap();
    }
    let seen = owner.call(preview(Plan::Starter)).await.unwrap();
    let over = OverLimit {
        limit: Limit::Projects,
        used: 12,
        max: 10,
    };
    assert_eq!(seen.over, [over]);
    let cost = seen.cost.unwrap();
    assert_eq!(cost.due_now, None);
    let page = owner
        .get("/app/acme/settings/billing/change?plan=STARTER")
        .await;
    assert!(page.body.contains("12 projects, of which 10 are included"));
    owner
        .call(change(Plan::Starter, Some(cost.reckoned_at)))
        .await
        .unwrap();
    shop.settle().await;
    assert_eq!(shop.w.organization("acme").await.plan, Plan::Starter);
    let one_more = CreateProject {
        org: acme(),
        new: project("One more"),
    };
    let refused = owner.call(one_more).await.map(drop);
    assert_eq!(
        refused,
        Err(AppError::LimitReached {
            limit: Limit::Projects,
            max: 10
        })
    );
    let usage = owner.call(GetBilling { org: acme() }).await.unwrap().usage;
    assert_eq!(usage.projects.used, 12, "all of them are there");
    // What was paid too much is taken off the next bill.
    assert_eq!(shop.stripe.all("/v1/invoices").await.len(), 1);
    shop.days_pass(32).await;
    let invoices = shop.stripe.all("/v1/invoices").await;
    let total = invoices[1]["total"].as_i64();
    assert!(total.is_some_and(|total| total < 0), "{total:?}");
}

#[tokio::test]
async fn free_follows_once_what_was_paid_for_is_over() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let seen = owner.call(preview(Plan::Free)).await.unwrap();
    assert_eq!(seen.cost, None);
    owner.call(change(Plan::Free, None)).await.unwrap();
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.plan, Plan::Pro);
    assert!(organization.cancel_at_period_end);
    // Another plan is another decision.
    owner.call(change(Plan::Starter, None)).await.unwrap();
    shop.settle().await;
    let organization = shop.w.organization("acme").await;
    assert_eq!(organization.plan, Plan::Starter);
    assert!(!organization.cancel_at_period_end);
}

#[tokio::test]
async fn what_cannot_be_changed_says_so() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    let conflict = |conflict| Err(AppError::Conflict { conflict });
    let none = owner.call(preview(Plan::Pro)).await.map(drop);
    assert_eq!(none, conflict(Conflict::NotSubscribed));
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let same = owner.call(preview(Plan::Pro)).await.map(drop);
    assert_eq!(same, conflict(Conflict::BillingMoved));
    let old = owner.call(change(Plan::Starter, Some(1))).await;
    assert_eq!(old, conflict(Conflict::BillingMoved));
}

#[tokio::test]
async fn an_end_that_was_chosen_at_the_portal_can_be_taken_back() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let id = shop.w.organization("acme").await.stripe_subscription_id;
    let path = format!("/v1/subscriptions/{}", id.unwrap());
    let end = async || {
        let end = shop.stripe.get(&path).await["items"]["data"][0]["current_period_end"].clone();
        let end = end.to_string();
        shop.stripe.post(&path, &[("cancel_at", &end)]).await;
        shop.settle().await;
        assert!(shop.w.organization("acme").await.cancel_at_period_end);
    };
    end().await;
    let keep = KeepSubscription {
        org: acme(),
        intent: String::new(),
    };
    owner.call(keep).await.unwrap();
    assert_eq!(shop.stripe.get(&path).await["cancel_at"], json!(null));
    assert!(!shop.w.organization("acme").await.cancel_at_period_end);
    end().await;
    let seen = owner.call(preview(Plan::Pro)).await.unwrap();
    let at = seen.cost.unwrap().reckoned_at;
    owner.call(change(Plan::Pro, Some(at))).await.unwrap();
    assert_eq!(shop.stripe.get(&path).await["cancel_at"], json!(null));
    let organization = shop.w.organization("acme").await;
    assert!(!organization.cancel_at_period_end);
    assert_eq!(organization.plan, Plan::Pro);
}

#[tokio::test]
async fn what_was_reckoned_before_a_renewal_is_reckoned_anew() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Starter).await;
    let end = shop
        .w
        .organization("acme")
        .await
        .current_period_end
        .unwrap();
    shop.w
        .wait(end - shop.w.services.clock.now() - chrono::TimeDelta::minutes(5));
    let password = crate::world::PASSWORD;
    owner.sign_in("owner@acme.test", password).await.unwrap();
    let seen = owner.call(preview(Plan::Pro)).await.unwrap();
    let at = seen.cost.unwrap().reckoned_at;
    let now = (end + chrono::TimeDelta::minutes(5)).timestamp();
    shop.stripe.tell("clock", json!({ "to": now })).await;
    shop.w.wait(chrono::TimeDelta::minutes(10));
    let late = owner.call(change(Plan::Pro, Some(at))).await;
    let moved = AppError::Conflict {
        conflict: Conflict::BillingMoved,
    };
    assert_eq!(late, Err(moved));
}
