//! How the sandbox behaves, which can be changed while it runs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub after_retries: AfterRetries,
    pub payments: Payments,
    pub outage: Outage,
}

/// What becomes of a subscription when the last try to collect has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterRetries {
    #[default]
    Cancel,
    Unpaid,
    PastDue,
}

/// What comes of a charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payments {
    #[default]
    AsTheCard,
    AllDeclined,
}

/// Whether the API answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Outage {
    #[default]
    None,
    Down,
    Slow {
        ms: u64,
    },
}

/// Where events go, and how badly the way there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Webhook {
    pub url: Option<String>,
    pub secret: String,
    /// How often each event is delivered.
    pub copies: u8,
    pub delay_ms: u32,
    /// Whether they arrive in any order.
    pub shuffle: bool,
    pub paused: bool,
    /// How many are under way at once.
    pub senders: u8,
}

impl Default for Webhook {
    fn default() -> Self {
        Self {
            url: None,
            secret: String::new(),
            copies: 1,
            delay_ms: 0,
            shuffle: false,
            paused: false,
            senders: 4,
        }
    }
}

/// A request that is to be done once, and what was answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Once {
    pub path: String,
    pub params: Value,
    /// By the clock on the wall, in seconds.
    pub begun: i64,
    /// None while it is being done.
    pub answer: Option<Answer>,
}

/// A status and a body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}
