//! The whole of it, as a client sees it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, routing::post};
use http::{HeaderMap, StatusCode};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{Sandbox, Settings};

/// A sandbox that is open, and whoever speaks to it.
struct Visit {
    base: String,
    client: Client,
    stop: CancellationToken,
}

impl Visit {
    async fn new() -> Self {
        Self::with(None, None).await
    }

    async fn with(webhook_url: Option<String>, data: Option<PathBuf>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let settings = Settings {
            webhook_url,
            webhook_secret: "whsec_sandbox".to_owned(),
            data,
        };
        tokio::spawn(Sandbox::serve(listener, settings, stop.clone()));
        let _already = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { base, client, stop }
    }

    async fn send(&self, path: &str, form: &str, key: Option<&str>) -> Response {
        let mut request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("Authorization", "Bearer sk_test_sandbox")
            .body(form.to_owned());
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        request.send().await.unwrap()
    }

    async fn post(&self, path: &str, form: &str) -> Value {
        read(self.send(path, form, None).await).await
    }

    async fn get(&self, path: &str) -> Value {
        let request = self
            .client
            .get(format!("{}{path}", self.base))
            .header("Authorization", "Bearer sk_test_sandbox");
        read(request.send().await.unwrap()).await
    }

    async fn tell(&self, path: &str, body: &Value) -> Value {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("Content-Type", "application/json")
            .body(body.to_string());
        read(request.send().await.unwrap()).await
    }

    /// Types a card into the till: the status, and where it leads.
    async fn type_card(&self, till: &str, number: &str) -> (StatusCode, String) {
        let form = format!("number={number}&expiry=12/90&cvc=123&name=Ada");
        let answer = self
            .client
            .post(till)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        let leads_to = answer
            .headers()
            .get("location")
            .map(|place| place.to_str().unwrap().to_owned());
        (answer.status(), leads_to.unwrap_or_default())
    }

    async fn open_till(&self, customer: &str) -> String {
        let form = format!(
            "mode=subscription&customer={customer}&line_items[0][price]=price_sandbox_pro&\
             line_items[0][quantity]=1&success_url=http://127.0.0.1:3000/paid&\
             cancel_url=http://127.0.0.1:3000/not&subscription_data[metadata][org]=7"
        );
        let session = self.post("/v1/checkout/sessions", &form).await;
        session["url"].as_str().unwrap().to_owned()
    }

    async fn customer(&self) -> String {
        let customer = self.post("/v1/customers", "email=ada@example.com").await;
        customer["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn read(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn twenty_at_once_under_one_key_make_one_customer() {
    let visit = Arc::new(Visit::new().await);
    visit
        .tell("/_sandbox/outage", &json!({ "mode": "slow", "ms": 200 }))
        .await;
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let visit = visit.clone();
        all.spawn(async move {
            let answer = visit.send("/v1/customers", "name=Ada", Some("one")).await;
            answer.status().as_u16()
        });
    }
    let mut statuses = all.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| *status == 409));
    let again = visit.send("/v1/customers", "name=Ada", Some("one")).await;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    let other = visit.send("/v1/customers", "name=Bob", Some("one")).await;
    assert_eq!(other.status(), StatusCode::BAD_REQUEST);
    let customers = visit.get("/v1/customers").await;
    assert_eq!(customers["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_mistake_is_refused_as_stripe_would() {
    let visit = Visit::new().await;
    let missing = visit.get("/v1/customers/cus_x").await;
    assert_eq!(missing["error"]["code"], "resource_missing");
    assert_eq!(missing["error"]["message"], "No such customer: 'cus_x'");
    let unknown = visit.post("/v1/customers", "emial=a@b.co").await;
    assert_eq!(unknown["error"]["code"], "parameter_unknown");
    let unsigned = visit.client.get(format!("{}/v1/prices", visit.base));
    let unsigned = unsigned.send().await.unwrap();
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    visit
        .tell("/_sandbox/outage", &json!({ "mode": "down" }))
        .await;
    let down = visit.send("/v1/customers", "", None).await;
    assert_eq!(down.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_till_takes_one_payment_and_only_from_a_good_card() {
    let visit = Visit::new().await;
    let customer = visit.customer().await;
    let till = visit.open_till(&customer).await;
    let (status, _) = visit.type_card(&till, "4000000000000002").await;
    assert_eq!(status, StatusCode::PAYMENT_REQUIRED);
    let (_, confirm) = visit.type_card(&till, "4000002500003155").await;
    assert!(confirm.ends_with("/confirm"));
    for number in ["4242424242424242", "4242424242424242"] {
        let (status, leads_to) = visit.type_card(&till, number).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(leads_to, "http://127.0.0.1:3000/paid");
    }
    let all = visit
        .get(&format!(
            "/v1/subscriptions?customer={customer}&expand[]=data.latest_invoice"
        ))
        .await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1);
    let subscription = &all["data"][0];
    assert_eq!(subscription["status"], "active");
    assert_eq!(subscription["metadata"]["org"], "7");
    assert_eq!(subscription["latest_invoice"]["amount_paid"], 9_900);
    let second = visit.open_till(&customer).await;
    visit.type_card(&second, "5555555555554444").await;
    let all = visit.get("/v1/subscriptions").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_previewed_is_what_is_charged() {
    let visit = Visit::new().await;
    let customer = visit.customer().await;
    let made = format!(
        "customer={customer}&items[0][price]=price_sandbox_starter&\
         default_payment_method=pm_card_visa"
    );
    let made = visit.post("/v1/subscriptions", &made).await;
    let (id, item) = (&made["id"], &made["items"]["data"][0]["id"]);
    let (id, item) = (id.as_str().unwrap(), item.as_str().unwrap());
    visit
        .tell("/_sandbox/clock", &json!({ "advance": 864_000 }))
        .await;
    let at = visit.get("/_sandbox/clock").await["now"].as_i64().unwrap();
    let asked = |within: &str| {
        let name = |field: &str| match within {
            "" => field.to_owned(),
            _ => format!(
                "{within}[{}]",
                field.replacen('[', "][", 1).trim_end_matches(']')
            ),
        };
        format!(
            "{}={item}&{}=price_sandbox_pro&{}=always_invoice&{}={at}",
            name("items[0][id]"),
            name("items[0][price]"),
            name("proration_behavior"),
            name("proration_date"),
        )
    };
    let preview = format!("subscription={id}&{}", asked("subscription_details"));
    let preview = visit.post("/v1/invoices/create_preview", &preview).await;
    let due = preview["amount_due"].as_i64().unwrap();
    assert!((4_000..7_000).contains(&due), "{due}");
    assert_eq!(preview["lines"]["data"].as_array().unwrap().len(), 2);
    let path = format!("/v1/subscriptions/{id}");
    let form = format!("{}&expand[]=latest_invoice", asked(""));
    let changed = visit.post(&path, &form).await;
    assert_eq!(changed["latest_invoice"]["amount_paid"], due);
}

/// Somebody who is told, and refuses to listen the first time.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<(String, String)>>>);

async fn listen(State(listener): State<Listener>, headers: HeaderMap, body: String) -> StatusCode {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    let mut heard = listener.0.lock().unwrap();
    heard.push((signature, body));
    if heard.len() == 1 {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    }
}

#[tokio::test]
async fn an_event_is_told_in_the_same_words_until_it_is_heard() {
    let listener = Listener::default();
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", tcp.local_addr().unwrap());
    let router = Router::new()
        .route("/", post(listen))
        .with_state(listener.clone());
    tokio::spawn(async move { axum::serve(tcp, router).await });
    let visit = Visit::with(Some(url), None).await;
    visit.customer().await;
    let flushed = visit
        .tell("/_sandbox/flush", &json!({ "timeout_ms": 10_000 }))
        .await;
    assert_eq!(flushed["delivered"], true);
    let heard = listener.0.lock().unwrap().clone();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].1, heard[1].1);
    let (at, _) = heard[1]
        .0
        .strip_prefix("t=")
        .unwrap()
        .split_once(',')
        .unwrap();
    let expected =
        super::hooks::signature::header("whsec_sandbox", at.parse().unwrap(), &heard[1].1);
    assert_eq!(heard[1].0, expected);
    let deliveries = visit.get("/_sandbox/deliveries").await;
    assert_eq!(deliveries["data"][0]["attempts"], 2);
    assert_eq!(deliveries["data"][0]["last_status"], 200);
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let folder = std::env::temp_dir().join(format!("sandbox-{}", super::ids::letters(12)));
    let file = folder.join("sandbox.json");
    let first = Visit::with(None, Some(file.clone())).await;
    let customer = first.customer().await;
    first
        .tell("/_sandbox/clock", &json!({ "advance": 864_000 }))
        .await;
    let now = first.get("/_sandbox/clock").await["now"].as_i64().unwrap();
    drop(first);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let second = Visit::with(None, Some(file)).await;
    let found = second.get(&format!("/v1/customers/{customer}")).await;
    assert_eq!(found["email"], "ada@example.com");
    let later = second.get("/_sandbox/clock").await["now"].as_i64().unwrap();
    assert!((now..now + 60).contains(&later));
    std::fs::remove_dir_all(folder).unwrap();
}
