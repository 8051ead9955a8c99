//! What happened, and whom it is still to be told.

use serde::{Deserialize, Serialize};

use crate::sandbox::moment::Moment;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub created: Moment,
    /// What is delivered: the very same bytes each time.
    pub body: String,
    pub attempts: u32,
    pub last_status: Option<u16>,
    pub delivered: u32,
}

/// A delivery that is owed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ticket {
    pub number: u64,
    pub event: String,
    pub attempts: u32,
    /// By the clock on the wall, in milliseconds.
    pub due: i64,
    #[serde(skip)]
    pub is_under_way: bool,
}

/// The request that causes what happens.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub id: Option<String>,
    pub idempotency_key: Option<String>,
}
