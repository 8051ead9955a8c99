//! Which scope of a key each operation needs.

use serde_json::{Value, json};

use crate::access::KeyScope;

/// As the capabilities of the handlers have it; a test asks each of them.
fn of(method: &str, path: &str) -> KeyScope {
    let is_deployments = path.ends_with("/deployments") || path.contains("/deployments/");
    match method {
        "get" => KeyScope::Read,
        _ if is_deployments => KeyScope::Deploy,
        _ => KeyScope::Write,
    }
}

/// Adds it to each operation.
pub fn describe(document: &mut Value) {
    let paths = document
        .pointer_mut("/paths")
        .and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                let scope = of(method, path).name();
                operation.insert("security".to_owned(), json!([{ "key": [scope] }]));
            }
        }
    }
}
