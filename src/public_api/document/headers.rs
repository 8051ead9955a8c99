//! The headers that answers carry, described once each.

use serde_json::{Map, Value, json};

/// What each is called, what it looks like, and what it says.
fn all() -> Value {
    let text = |words: &str, example: &str| json!({ "description": words, "schema": { "type": "string" }, "example": example });
    json!({
        "RequestId": text("By which we find the request in our log.", "01936ce3-5a3c-7b32-8b3f-4f2f8d1b7f10"),
        "RateLimitPolicy": text("How many calls there are in a month, and how many seconds it has. Not there if they are unlimited.", "\"month\";q=1000;w=2592000"),
        "RateLimit": text("How many calls are left, and for how many seconds. Not there if they are unlimited.", "\"month\";r=998;t=604800"),
        "RetryAfter": {
            "description": "In how many seconds to try again.",
            "schema": { "type": "integer" },
            "example": 5,
        },
    })
}

/// Which of them go with a status.
fn of(status: &str) -> Map<String, Value> {
    let mut names = vec![("X-Request-Id", "RequestId")];
    if status.starts_with('2') || status == "429" {
        names.push(("RateLimit-Policy", "RateLimitPolicy"));
        names.push(("RateLimit", "RateLimit"));
    }
    if matches!(status, "429" | "503") {
        names.push(("Retry-After", "RetryAfter"));
    }
    let place = |name| json!({ "$ref": format!("#/components/headers/{name}") });
    names
        .into_iter()
        .map(|(header, name)| (header.to_owned(), place(name)))
        .collect()
}

/// Adds them to all answers.
pub fn describe(document: &mut Value) {
    if let Some(paths) = document
        .pointer_mut("/paths")
        .and_then(Value::as_object_mut)
    {
        for operation in paths.values_mut().filter_map(Value::as_object_mut) {
            for operation in operation.values_mut() {
                let answers = operation
                    .get_mut("responses")
                    .and_then(Value::as_object_mut);
                answers.into_iter().flatten().for_each(add);
            }
        }
    }
    let Some(components) = document
        .pointer_mut("/components")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let refusals = components
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for (name, refusal) in refusals.into_iter().flatten() {
        let status = name.trim_start_matches(|c: char| !c.is_ascii_digit());
        add((&status.to_owned(), refusal));
    }
    components.insert("headers".to_owned(), all());
}

/// To one that is described in its place, and not by a name.
fn add((status, answer): (&String, &mut Value)) {
    if let Some(answer) = answer.as_object_mut()
        && !answer.contains_key("$ref")
    {
        answer.insert("headers".to_owned(), Value::Object(of(status)));
    }
}
