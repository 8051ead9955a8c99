//! Things as Stripe writes them in JSON, in the version that is pinned here.
//! A field that this sandbox has no use for is there all the same, and null.

mod card;
mod checkout;
mod customer;
mod invoice;
mod line;
mod payment;
mod portal;
mod subscription;
mod wares;

pub use card::card;
pub use checkout::checkout;
pub use customer::customer;
pub use invoice::invoice;
pub use payment::{intent, refund};
pub use portal::portal;
pub use subscription::subscription;
pub use wares::{price, product};

use serde_json::{Value, json};

/// The version of Stripe's API that is spoken.
pub const API_VERSION: &str = "2026-09-30.endive";

/// The object, and null for each of the names that it lacks.
fn with_nulls(mut object: Value, names: &[&str]) -> Value {
    if let Some(fields) = object.as_object_mut() {
        for name in names {
            fields.entry(*name).or_insert(Value::Null);
        }
    }
    object
}

/// A list that has everything there is.
fn whole_list(url: &str, data: &[Value]) -> Value {
    json!({ "object": "list", "data": data, "has_more": false, "url": url })
}
