//! What the sandbox says has the shape that Stripe gives it: the client's own
//! types read it, and each field of the published fixtures is there.

use atrium::billing::Plan;
use serde_json::Value;
use stripe_shared as shapes;

use crate::world::stripe::Shop;

const FIXTURES: &str = include_str!("fixtures.json");

/// The fields that a fixture has and an object hasn't.
fn lacking(fixture: &Value, object: &Value) -> Vec<String> {
    let fields = fixture.as_object().unwrap().keys();
    let missing = fields.filter(|field| object.get(field.as_str()).is_none());
    missing.cloned().collect()
}

fn reads<T: miniserde::Deserialize>(name: &str, object: &Value) {
    let text = object.to_string();
    assert!(
        miniserde::json::from_str::<T>(&text).is_ok(),
        "{name}: {text}"
    );
}

#[tokio::test]
async fn every_object_has_stripes_shape() {
    let shop = Shop::open().await;
    let owner = shop.w.owner_of("acme").await;
    shop.subscribe(&owner, "acme", Plan::Pro).await;
    let fixtures: Value = serde_json::from_str(FIXTURES).unwrap();
    let first = async |path: &str| shop.stripe.get(path).await["data"][0].clone();
    let customer = first("/v1/customers").await;
    let session = first("/v1/checkout/sessions").await;
    let subscription = first("/v1/subscriptions").await;
    let invoice = first("/v1/invoices").await;
    let price = first("/v1/prices").await;
    let event = first("/v1/events").await;
    let id = customer["id"].as_str().unwrap();
    let method = first(&format!("/v1/customers/{id}/payment_methods")).await;
    let portal = [("customer", id), ("return_url", "http://127.0.0.1/")];
    let portal = shop
        .stripe
        .post("/v1/billing_portal/sessions", &portal)
        .await;
    let intent = &invoice["payments"]["data"][0]["payment"]["payment_intent"];
    let intent = [("payment_intent", intent.as_str().unwrap())];
    let refund = shop.stripe.post("/v1/refunds", &intent).await;
    let item = &subscription["items"]["data"][0];
    let line = &invoice["lines"]["data"][0];
    for (name, object) in [
        ("customer", &customer),
        ("checkout.session", &session),
        ("subscription", &subscription),
        ("subscription_item", item),
        ("invoice", &invoice),
        ("line_item", line),
        ("price", &price),
        ("payment_method", &method),
        ("billing_portal.session", &portal),
        ("refund", &refund),
        ("event", &event),
    ] {
        let fixture = &fixtures[name];
        assert!(fixture.is_object(), "there is a fixture of {name}");
        assert_eq!(lacking(fixture, object), Vec::<String>::new(), "{name}");
        assert_eq!(object["object"], fixture["object"], "{name}");
    }
    reads::<shapes::Customer>("customer", &customer);
    reads::<shapes::CheckoutSession>("checkout.session", &session);
    reads::<shapes::Subscription>("subscription", &subscription);
    reads::<shapes::SubscriptionItem>("subscription_item", item);
    reads::<shapes::Invoice>("invoice", &invoice);
    reads::<shapes::InvoiceLineItem>("line_item", line);
    reads::<shapes::Price>("price", &price);
    reads::<shapes::PaymentMethod>("payment_method", &method);
    reads::<shapes::Refund>("refund", &refund);
    reads::<shapes::Event>("event", &event);
}
