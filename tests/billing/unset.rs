//! Where Stripe isn't configured.

use atrium::{
    billing::{Plan, SubscriptionStatus},
    entity::organization,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::world::World;

/// All that leads to Stripe.
const OFFERS: [&str; 6] = [
    "Subscribe to",
    "Switch to",
    "Downgrade to",
    "Cancel subscription",
    "Open billing portal",
    "Change payment method",
];

#[tokio::test]
async fn the_page_says_so_and_offers_nothing_that_fails() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let page = owner.get("/app/acme/settings/billing").await;
    assert!(page.body.contains("Payments aren't set up"));
    for offer in OFFERS {
        assert!(!page.body.contains(offer), "{offer}");
    }
    // Not even to one that subscribed while there were keys.
    let tx = w.db.write("a test subscribes").await.unwrap();
    organization::Entity::update(organization::ActiveModel {
        id: Set(w.organization("acme").await.id),
        plan: Set(Plan::Pro),
        subscription_status: Set(SubscriptionStatus::PastDue),
        stripe_customer_id: Set(Some("cus_1".into())),
        stripe_subscription_id: Set(Some("sub_1".into())),
        ..Default::default()
    })
    .exec(&*tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let page = owner.get("/app/acme/settings/billing").await;
    assert_eq!(page.status, 200);
    for offer in OFFERS {
        assert!(!page.body.contains(offer), "{offer}");
    }
}
