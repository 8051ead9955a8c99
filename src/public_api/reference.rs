//! The reference for people, read from the document for programs: there is one
//! description.

use serde_json::{Map, Value};

use super::document::{REFUSALS, document};
use crate::{
    reference::model::{Field, Group, Operation, Reference},
    server::services::Services,
};

/// What the API offers.
#[must_use]
pub fn describe(services: &Services) -> Reference {
    let origin = services.config.app_url().origin().to_owned();
    let reader = Reader(document(&origin));
    let problem = reader.0.pointer("/components/schemas/Problem");
    Reference {
        problem: problem
            .map(|schema| reader.told(schema))
            .unwrap_or_default(),
        introduction: reader
            .text("/info/description")
            .split("\n\n")
            .map(str::to_owned)
            .collect(),
        groups: reader.groups(&origin),
        refusals: REFUSALS
            .iter()
            .map(|(status, words)| (status.to_string(), (*words).to_owned()))
            .collect(),
        origin,
    }
}

struct Reader(Value);

impl Reader {
    fn text(&self, place: &str) -> String {
        text(self.0.pointer(place))
    }

    fn groups(&self, origin: &str) -> Vec<Group> {
        let tags = self.0.pointer("/tags").and_then(Value::as_array);
        let group = |tag: &Value| {
            let name = text(tag.get("name"));
            Group {
                operations: self.operations(&name, origin),
                words: text(tag.get("description")),
                name,
            }
        };
        tags.into_iter().flatten().map(group).collect()
    }

    fn operations(&self, tag: &str, origin: &str) -> Vec<Operation> {
        const METHODS: [&str; 5] = ["get", "post", "patch", "put", "delete"];
        let paths = self.0.pointer("/paths").and_then(Value::as_object);
        let mut found = Vec::new();
        for (path, item) in paths.into_iter().flatten() {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let tags = operation.get("tags").and_then(Value::as_array);
                if tags.is_some_and(|tags| tags.iter().any(|name| name == tag)) {
                    found.push(self.operation(method, path, operation, origin));
                }
            }
        }
        // What all of a kind is about comes before what one is about.
        found.sort_by_key(|operation| operation.path.ends_with('}'));
        found
    }

    fn operation(&self, method: &str, path: &str, operation: &Value, origin: &str) -> Operation {
        let answers = operation.get("responses").and_then(Value::as_object);
        let body = operation.pointer("/requestBody/content/application~1json/schema");
        let good = answers
            .into_iter()
            .flatten()
            .find(|(status, _)| status.starts_with('2'));
        let answer =
            good.and_then(|(_, answer)| answer.pointer("/content/application~1json/schema"));
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let parameters: Vec<_> = parameters.into_iter().flatten().collect();
        Operation {
            id: text(operation.get("operationId")),
            method: method.to_uppercase(),
            path: path.to_owned(),
            title: text(operation.get("summary")),
            scope: text(operation.pointer("/security/0/key/0")),
            words: text(operation.get("description")),
            parameters: parameters.iter().map(|one| self.parameter(one)).collect(),
            body: body.map(|schema| self.fields(schema)).unwrap_or_default(),
            answer: answer.map(|schema| self.told(schema)).unwrap_or_default(),
            statuses: answers
                .map(|answers| answers.keys().cloned().collect())
                .unwrap_or_default(),
            curl: self.curl(method, path, operation, origin),
        }
    }

    fn parameter(&self, parameter: &Value) -> Field {
        Field {
            name: text(parameter.get("name")),
            kind: parameter
                .get("schema")
                .map(|schema| self.kind(schema))
                .unwrap_or_default(),
            words: text(parameter.get("description")),
            is_required: parameter.get("required") == Some(&Value::Bool(true)),
        }
    }

    /// What an object has in it, with what is in that: `artifact.name`, or
    /// `data[].id` of each row of a list.
    fn fields(&self, schema: &Value) -> Vec<Field> {
        let mut found = Vec::new();
        self.add_fields(schema, "", &mut found);
        found
    }

    /// The same of an answer, which nobody is required to give.
    fn told(&self, schema: &Value) -> Vec<Field> {
        let mut fields = self.fields(schema);
        for field in &mut fields {
            field.is_required = false;
        }
        fields
    }

    fn add_fields(&self, schema: &Value, within: &str, found: &mut Vec<Field>) {
        let schema = self.resolved(schema);
        let required = schema.get("required").and_then(Value::as_array);
        let is_required =
            |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            let full = format!("{within}{name}");
            found.push(Field {
                name: full.clone(),
                kind: self.kind(schema),
                words: self.words(schema),
                is_required: is_required(name),
            });
            match self.resolved(schema).get("items") {
                Some(rows) => self.add_fields(rows, &format!("{full}[]."), found),
                None => self.add_fields(self.given(schema), &format!("{full}."), found),
            }
        }
    }

    /// What it is if it isn't null.
    fn given<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let either = schema.get("oneOf").and_then(Value::as_array);
        let given = either
            .into_iter()
            .flatten()
            .find(|one| one.get("type").is_none_or(|kind| kind != "null"));
        given.unwrap_or(schema)
    }

    fn words(&self, schema: &Value) -> String {
        let own = text(schema.get("description"));
        if own.is_empty() {
            text(self.resolved(schema).get("description"))
        } else {
            own
        }
    }

    /// What kind of value it is, and within which bounds.
    fn kind(&self, schema: &Value) -> String {
        let bounds = self.bounds(self.resolved(schema));
        [vec![self.bare_kind(schema)], bounds].concat().join(", ")
    }

    fn bare_kind(&self, schema: &Value) -> String {
        let schema = self.resolved(schema);
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            let choices: Vec<_> = choices.iter().map(|choice| text(Some(choice))).collect();
            return choices.join(" | ");
        }
        let either = schema.get("oneOf").and_then(Value::as_array);
        let kinds: Vec<String> = match (either, schema.get("type")) {
            (Some(either), _) => either.iter().map(|one| self.bare_kind(one)).collect(),
            (None, Some(Value::Array(kinds))) => {
                kinds.iter().map(|kind| text(Some(kind))).collect()
            }
            (None, Some(kind)) => vec![text(Some(kind))],
            (None, None) => vec!["any value".to_owned()],
        };
        let format = text(schema.get("format"));
        match format.as_str() {
            "date-time" | "date" => kinds.join(" or ").replace("string", &format),
            _ => kinds.join(" or "),
        }
    }

    fn bounds(&self, schema: &Value) -> Vec<String> {
        let number = |name: &str| schema.get(name).and_then(Value::as_i64);
        let range = match (number("minimum"), number("maximum")) {
            (Some(least), Some(most)) => Some(format!("{least} to {most}")),
            _ => None,
        };
        let longest = number("maxLength").map(|most| match number("minLength") {
            Some(least) if least == most => format!("{most} characters"),
            Some(least) => format!("{least} to {most} characters"),
            None => format!("at most {most} characters"),
        });
        let usual = number("default").map(|usual| format!("{usual} if absent"));
        [range, longest, usual].into_iter().flatten().collect()
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str);
        name.and_then(|name| self.0.pointer(name.strip_prefix('#')?))
            .unwrap_or(schema)
    }

    fn curl(&self, method: &str, path: &str, operation: &Value, origin: &str) -> String {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let mut path = path.to_owned();
        for parameter in parameters.into_iter().flatten() {
            let place = format!("{{{}}}", text(parameter.get("name")));
            path = path.replace(&place, &text(parameter.get("example")));
        }
        let url = match parameters.and_then(|all| all.iter().find(|one| one["in"] == "query")) {
            Some(one) if one.get("example").is_some() => {
                let (name, value) = (text(one.get("name")), text(one.get("example")));
                format!("\"{origin}{path}?{name}={value}\"")
            }
            _ => format!("{origin}{path}"),
        };
        let mut lines = vec![match method {
            "get" | "post" => format!("curl {url}"),
            other => format!("curl -X {} {url}", other.to_uppercase()),
        }];
        let answer = operation.pointer("/responses/200");
        if answer.is_some_and(|answer| answer.get("content").is_none()) {
            // A file, under the name that it has.
            lines.push("-OJ".to_owned());
        }
        lines.push("-H \"Authorization: Bearer $ATRIUM_API_KEY\"".to_owned());
        let content = operation
            .pointer("/requestBody/content")
            .and_then(Value::as_object);
        if let Some(content) = content {
            if let Some(json) = content.get("application/json") {
                let example = json.get("schema").map(|schema| self.example(schema));
                lines.push("-H \"Content-Type: application/json\"".to_owned());
                lines.push(format!(
                    "-d '{}'",
                    Value::Object(example.unwrap_or_default())
                ));
            } else {
                lines.push("-H \"Content-Type: application/gzip\"".to_owned());
                lines.push("-T build.tar.gz".to_owned());
            }
        }
        lines.join(" \\\n  ")
    }

    /// The examples of what has one, and of what has a few choices the second:
    /// the first is where everything begins.
    fn example(&self, schema: &Value) -> Map<String, Value> {
        let properties = self
            .resolved(schema)
            .get("properties")
            .and_then(Value::as_object);
        let example = |(name, schema): (&String, &Value)| {
            let choices = self.resolved(schema).get("enum");
            let example = schema.get("example").or_else(|| choices?.get(1));
            Some((name.clone(), example?.clone()))
        };
        properties
            .into_iter()
            .flatten()
            .filter_map(example)
            .collect()
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
