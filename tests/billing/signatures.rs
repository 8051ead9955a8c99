//! Who may tell us what was paid: only who can sign it. The vectors were made,
//! and judged, by Stripe's own library for Python; see `scripts/stripe-vectors`.

use atrium::{billing::server::event::StripeEvent, entity::stripe_event};
use chrono::DateTime;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde::Deserialize;

use crate::world::{Page, World, config, page};

#[derive(Deserialize)]
struct Vectors {
    now: i64,
    secrets: Vec<String>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    body: String,
    signature: String,
    holds: bool,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("signatures.json")).unwrap()
}

#[test]
fn a_signature_holds_if_stripes_own_library_says_so() {
    let Vectors {
        now,
        secrets,
        vectors,
    } = vectors();
    let config = config(&["--stripe-webhook-secret", &secrets.join(",")]);
    let now = DateTime::from_timestamp(now, 0).unwrap();
    assert!(vectors.len() > 15);
    for vector in vectors {
        let verified = StripeEvent::verify(
            vector.body.as_bytes(),
            &vector.signature,
            &config.stripe.stripe_webhook_secrets,
            now,
        );
        assert_eq!(verified.is_ok(), vector.holds, "{}", vector.name);
    }
}

async fn send(w: &World, body: &str, signature: Option<&str>) -> Page {
    let visitor = w.visitor();
    let mut request = visitor
        .raw()
        .post(visitor.at("/api/stripe/webhook"))
        .header("content-type", "application/json")
        .body(body.to_owned());
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    page(request.send().await.unwrap()).await
}

async fn stored(w: &World) -> u64 {
    stripe_event::Entity::find().count(w.look()).await.unwrap()
}

#[tokio::test]
async fn what_is_not_signed_is_refused_and_not_kept() {
    let Vectors {
        now,
        secrets,
        vectors,
    } = vectors();
    let w = World::with(&["--stripe-webhook-secret", &secrets.join(",")]).await;
    let at = DateTime::from_timestamp(now, 0).unwrap();
    w.wait(at - w.services.clock.now());
    for vector in vectors.iter().filter(|vector| !vector.holds) {
        // A time at the edge may be over it by now, or not yet.
        if vector.name.contains("from now") {
            continue;
        }
        let answer = send(&w, &vector.body, Some(&vector.signature)).await;
        assert_eq!(answer.status, 400, "{}", vector.name);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert_eq!(send(&w, "{}", None).await.status, 400);
    assert_eq!(stored(&w).await, 0);
    let good = vectors
        .iter()
        .find(|vector| vector.name == "signed now")
        .unwrap();
    for _ in 0..3 {
        let answer = send(&w, &good.body, Some(&good.signature)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(stored(&w).await, 1, "once, however often it comes");
    let kept = stripe_event::Entity::find().one(w.look()).await.unwrap();
    assert_eq!(kept.unwrap().payload, good.body, "to the byte");
}

#[tokio::test]
async fn without_a_secret_nothing_is_believed() {
    let w = World::new().await;
    let answer = send(&w, "{}", Some("t=1,v1=00")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(stored(&w).await, 0);
}

#[tokio::test]
async fn what_is_far_too_large_is_refused() {
    let w = World::with(&["--stripe-webhook-secret", "whsec_x"]).await;
    let answer = send(&w, &" ".repeat(2 << 20), Some("t=1,v1=00")).await;
    assert_eq!(answer.status, 413);
}
