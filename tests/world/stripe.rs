//! A world in which plans are sold, by the sandbox.

use std::time::Duration;

use atrium::{
    billing::Plan,
    sandbox::{Sandbox, Settings},
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Browser, Page, World, page};

pub const SECRET: &str = "whsec_sandbox";

/// A Stripe of one's own.
pub struct Stripe {
    client: Client,
    pub url: String,
    stop: CancellationToken,
}

impl Drop for Stripe {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Stripe {
    /// One that tells nobody yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let settings = Settings {
            webhook_url: None,
            webhook_secret: SECRET.to_owned(),
            data: None,
        };
        tokio::spawn(Sandbox::serve(listener, settings, stop.clone()));
        let client = Browser::new(&url).raw().clone();
        Self { client, url, stop }
    }

    /// How a program is told of it.
    pub fn options(&self) -> Vec<&str> {
        vec![
            "--stripe-secret-key",
            "sk_test_sandbox",
            "--stripe-webhook-secret",
            SECRET,
            "--stripe-starter-price-id",
            "price_sandbox_starter",
            "--stripe-pro-price-id",
            "price_sandbox_pro",
            "--stripe-enterprise-price-id",
            "price_sandbox_enterprise",
            "--stripe-api-base",
            &self.url,
        ]
    }

    pub async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request.bearer_auth("sk_test_sandbox").send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// All there are of something, oldest first.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let list = self.get(path).await;
        let mut all = list["data"].as_array().unwrap().clone();
        assert_ne!(list["has_more"], true, "{path}: there are more");
        all.reverse();
        all
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self
            .client
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .bearer_auth("sk_test_sandbox");
        let answer = request.body(body).send().await.unwrap();
        answer.json().await.unwrap()
    }

    pub async fn delete(&self, path: &str) -> Value {
        let request = self.client.delete(format!("{}{path}", self.url));
        let answer = request.bearer_auth("sk_test_sandbox").send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Has the sandbox do what Stripe can't be asked for.
    pub async fn tell(&self, what: &str, how: Value) -> Value {
        let request = self.client.post(format!("{}/_sandbox/{what}", self.url));
        let answer = request.json(&how).send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {answer:?}");
        answer.json().await.unwrap()
    }

    /// Sends its events to a world from now on.
    pub async fn sends_to(&self, world: &str) {
        let to = format!("{world}/api/stripe/webhook");
        self.tell("webhooks", json!({ "url": to, "secret": SECRET }))
            .await;
    }

    /// Sets its clock forward, and waits until all that it tells was heard.
    pub async fn days_pass(&self, days: i64) {
        self.tell("clock", json!({ "advance": days * 86_400 }))
            .await;
        self.flush().await;
    }

    /// Waits until all events were heard.
    pub async fn flush(&self) {
        let left = self.tell("flush", json!({ "timeout_ms": 20_000 })).await;
        assert_eq!(left["delivered"], true, "{left}");
    }

    /// Pays at the page where a checkout leads, by that card.
    pub async fn pay(&self, address: &str, card: &str) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("number", card),
                ("expiry", "12/34"),
                ("cvc", "123"),
                ("name", "Ada"),
            ])
            .finish();
        let request = self
            .client
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded");
        page(request.body(body).send().await.unwrap()).await
    }
}

pub const GOOD_CARD: &str = "4242 4242 4242 4242";

/// A world in which plans are sold.
pub struct Shop {
    pub w: World,
    pub stripe: Stripe,
}

impl Shop {
    pub async fn open() -> Self {
        let stripe = Stripe::start().await;
        let w = World::with(&stripe.options()).await;
        stripe.sends_to(&w.url).await;
        Self { w, stripe }
    }

    /// Where an owner is led to pay.
    pub async fn check_out(&self, owner: &Browser, org: &str, plan: Plan) -> Page {
        let body = format!("org={org}&plan={}", plan.name());
        owner
            .post("/_fn/start_checkout", body, "application/json")
            .await
    }

    /// Has an owner subscribe, from the plans to the event that says so.
    pub async fn subscribe(&self, owner: &Browser, org: &str, plan: Plan) {
        let begun = self.check_out(owner, org, plan).await;
        assert!(begun.status.is_success(), "{begun:?}");
        let paid = self.stripe.pay(begun.location(), GOOD_CARD).await;
        assert_eq!(paid.status, 303, "{}", paid.body);
        self.settle().await;
    }

    /// Waits until all that Stripe told has its effect.
    pub async fn settle(&self) {
        self.stripe.flush().await;
        self.w.events_are_followed().await;
    }

    /// Sets Stripe's clock forward, with all that follows from that.
    pub async fn days_pass(&self, days: i64) {
        self.stripe.days_pass(days).await;
        self.settle().await;
    }
}

impl World {
    /// How many mails somebody got under that subject.
    pub async fn mails_about(&self, to: &str, subject: &str) -> usize {
        let mails = self.mail_to(to).await;
        let mails = mails.iter().filter(|mail| mail.subject == subject);
        mails.count()
    }

    /// Waits until the worker has done what follows from each event.
    pub async fn events_are_followed(&self) {
        use atrium::entity::stripe_event::{self, EventState};
        use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
        for _ in 0..12_000 {
            let left = stripe_event::Entity::find()
                .filter(stripe_event::Column::State.eq(EventState::Pending))
                .count(self.look())
                .await
                .unwrap();
            if left == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("events are left over");
    }
}
