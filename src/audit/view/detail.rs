//! One entry, looked at closely.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde_json::Value;

use super::page::{address, subject};
use crate::{
    audit::model::{AuditEntry, AuditQuery, Event},
    identity::model::device,
    ui::{Ago, Drawer, copy::CopyButton},
};

#[component]
pub fn Detail(query: AuditQuery, entry: AuditEntry, now: DateTime<Utc>) -> impl IntoView {
    let title = match subject(&entry) {
        Some(subject) => format!(
            "{} {} “{subject}”",
            entry.actor_name,
            Event::words(&entry.action)
        ),
        None => format!("{} {}", entry.actor_name, Event::words(&entry.action)),
    };
    let all_of_it = AuditQuery {
        entity: entry.entity_id.clone(),
        ..AuditQuery::default()
    };
    let all_by_them = AuditQuery {
        actor: entry.actor_id,
        ..AuditQuery::default()
    };
    let json = serde_json::to_string_pretty(&entry.metadata).unwrap_or_default();
    let changes = changes(&entry.metadata);
    view! {
        <Drawer title=title close=address(&query, None)>
            <dl class="facts">
                <div><dt>"When"</dt><dd><Ago at=entry.created_at now=now/></dd></div>
                <div><dt>"Who"</dt><dd><a href=address(&all_by_them, None)>{entry.actor_name.clone()}</a></dd></div>
                <div><dt>"Action"</dt><dd><code class="mono">{entry.action.clone()}</code></dd></div>
                {entry.entity_id.clone().map(|id| view! {
                    <div><dt>"On"</dt><dd><a class="mono" href=address(&all_of_it, None)>{id}</a></dd></div>
                })}
                {entry.ip.clone().map(|ip| view! { <div><dt>"From"</dt><dd>{ip}</dd></div> })}
                {entry.user_agent.clone().map(|agent| view! { <div><dt>"With"</dt><dd title=agent.clone()>{device(&agent)}</dd></div> })}
                <div><dt>"Number"</dt><dd>{entry.seq}</dd></div>
            </dl>
            {(!changes.is_empty()).then(|| view! { <Changes changes=changes/> })}
            <div class="code">
                <div class="code-head"><span>"JSON"</span><CopyButton text=json.clone() label="Copy JSON".to_owned()/></div>
                <pre tabindex="0">{json}</pre>
            </div>
        </Drawer>
    }
}

/// A value that changed, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    name: String,
    before: String,
    after: String,
}

/// What differs between before and after.
fn changes(metadata: &Value) -> Vec<Change> {
    let side = |name: &str| metadata.get(name).and_then(Value::as_object);
    let (Some(before), Some(after)) = (side("before"), side("after")) else {
        return Vec::new();
    };
    let said = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(map)) => map
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    after
        .keys()
        .map(|name| Change {
            name: name.clone(),
            before: said(before.get(name)),
            after: said(after.get(name)),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

#[component]
fn Changes(changes: Vec<Change>) -> impl IntoView {
    view! {
        <table class="table plain changes">
            <caption class="visually-hidden">"What changed"</caption>
            <thead><tr><th scope="col">"What"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr></thead>
            <tbody>
                {changes.into_iter().map(|change| view! {
                    <tr><th scope="row">{change.name}</th><td><del>{change.before}</del></td><td><ins>{change.after}</ins></td></tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_a_change() {
        let metadata = json!({
            "before": { "name": "A", "description": "same", "image": null },
            "after": { "name": "B", "description": "same", "image": "abc" },
        });
        let found = changes(&metadata);
        let said: Vec<_> = found
            .iter()
            .map(|change| {
                (
                    change.name.as_str(),
                    change.before.as_str(),
                    change.after.as_str(),
                )
            })
            .collect();
        assert_eq!(said, [("image", "", "abc"), ("name", "A", "B")]);
        assert_eq!(changes(&json!({ "name": "A" })), []);
    }
}
