//! The description of the API, in OpenAPI 3.1.

mod headers;
mod scopes;

use std::sync::LazyLock;

use serde_json::{Value, json};
use utoipa::{OpenApi, PartialSchema, openapi};

use super::{
    answer::refusal_name,
    described, described_files, patterns,
    problem::{ProblemDocument, ProblemField},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Atrium API",
        version = "1",
        description = "What an organization keeps in Atrium, for programs.\n\nEach call carries an API key of the organization, as `Authorization: Bearer atr_live_…`. A key does what its scopes say, and no more than whoever made it may do at that moment.\n\nA `POST` can be sent again safely with a header `Idempotency-Key`, any text of up to 255 characters that is new for each request: within 24 hours, the same key and body are answered as they were the first time, and change nothing. Not kept is what may be otherwise in a moment: a limit that is reached, a step that can't be taken, and faults of ours.\n\nLists come in pages: send `next_cursor` as `cursor` to get the next one.\n\nCalls are counted by calendar month in UTC. `RateLimit-Policy` and `RateLimit` say how many there are and how many are left; calls that are refused with 401, 402, 403 at the door or 429 aren't counted.\n\nEvery answer has an `x-request-id`; errors are problem documents (RFC 9457) with a stable `code`."
    ),
    security(("key" = [])),
    tags(
        (name = "Organization", description = "The organization that the key belongs to."),
        (name = "Projects", description = "What the organization works on."),
        (name = "Environments", description = "Where a project runs."),
        (name = "Deployments", description = "What was deployed, as a job reports it."),
        (name = "Artifacts", description = "The file that a deployment may carry."),
    )
)]
struct Description;

/// What a refusal with each status is about, with its codes.
pub const REFUSALS: [(u16, &str); 13] = [
    (400, "The body broke off before its end: `cut_off`."),
    (
        401,
        "No API key was sent, or none that holds: `invalid_api_key`.",
    ),
    (
        402,
        "The organization is suspended, or its subscription has ended: `suspended`.",
    ),
    (
        403,
        "Whoever made the key may not do this: `forbidden`. The key isn't made for it: `missing_scope`. The plan doesn't include it: `not_in_plan`. A limit of the plan is reached: `limit_exceeded`.",
    ),
    (404, "It doesn't exist, or not for this key: `not_found`."),
    (408, "The body took too long to arrive: `too_slow`."),
    (
        409,
        "It doesn't fit what there is, a name is taken or an environment isn't there: `unfitting`. A step can't be taken, or the same request is being answered: `conflict`.",
    ),
    (411, "`Content-Length` is missing: `length_required`."),
    (413, "The body is too large: `too_large`."),
    (415, "The body isn't JSON: `unsupported_media_type`."),
    (
        422,
        "What was sent is invalid, and `errors` says where: `invalid`. The `Idempotency-Key` was sent with another request: `idempotency_key_reused`.",
    ),
    (
        429,
        "All calls of the month are used: `limit_exceeded`. `Retry-After` says when they are counted anew.",
    ),
    (
        503,
        "The database or the storage is out of reach for a moment, or too many files are on their way: `unavailable`, `storage_unavailable`, `busy`. `Retry-After` says when to try again.",
    ),
];

/// The document, with the address of the server that it is asked of.
#[must_use]
pub fn document(origin: &str) -> Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(describe);
    let mut document = DOCUMENT.clone();
    if let Some(document) = document.as_object_mut() {
        document.insert("servers".to_owned(), json!([{ "url": origin }]));
    }
    document
}

fn describe() -> Value {
    let mut api = Description::openapi();
    for router in [described(), described_files()] {
        let (_, routes) = router.split_for_parts();
        api.merge(routes);
    }
    let components = api.components.get_or_insert_default();
    components
        .schemas
        .insert("Problem".into(), ProblemDocument::schema());
    components
        .schemas
        .insert("ProblemField".into(), ProblemField::schema());
    components.security_schemes.insert("key".into(), bearer());
    for (status, words) in REFUSALS {
        let components = api.components.get_or_insert_default();
        let name = refusal_name(status);
        components.responses.insert(name, refusal(words).into());
    }
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    refine(&mut document);
    headers::describe(&mut document);
    scopes::describe(&mut document);
    document
}

fn refusal(words: &str) -> openapi::Response {
    let problem = openapi::Ref::from_schema_name("Problem");
    let content = openapi::Content::builder().schema(Some(problem)).build();
    openapi::ResponseBuilder::new()
        .description(words)
        .content("application/problem+json", content)
        .build()
}

fn bearer() -> openapi::RefOr<openapi::security::SecurityScheme> {
    use openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("atr_live_…")
        .build();
    openapi::RefOr::T(SecurityScheme::Http(scheme))
}

/// What texts are taken, for each field that takes one.
fn refine(document: &mut Value) {
    let fields = [
        ("ProjectInput", "name", patterns::line()),
        ("ProjectInput", "description", patterns::lines()),
        ("ProjectPatch", "name", patterns::line()),
        ("ProjectPatch", "description", patterns::lines()),
        ("EnvironmentInput", "name", patterns::line()),
        (
            "DeploymentInput",
            "environment",
            patterns::line_or_nothing(),
        ),
        ("DeploymentInput", "commit_sha", patterns::COMMIT.to_owned()),
        ("DeploymentInput", "git_ref", patterns::line_or_nothing()),
        ("DeploymentInput", "message", patterns::lines()),
        ("DeploymentInput", "url", patterns::URL.to_owned()),
        ("DeploymentPatch", "message", patterns::lines()),
        ("DeploymentPatch", "url", patterns::URL.to_owned()),
    ];
    for (schema, field, pattern) in fields {
        let place = format!("/components/schemas/{schema}/properties/{field}");
        if let Some(Value::Object(property)) = document.pointer_mut(&place) {
            property.insert("pattern".to_owned(), pattern.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Capability, KeyScope},
        billing::{Feature, Limit, Standing},
        error::{AppError, Conflict},
    };

    #[test]
    fn each_status_names_its_codes() {
        let limit = |limit| AppError::LimitReached { limit, max: 1 };
        for error in [
            AppError::CutOff,
            AppError::BadKey,
            AppError::Suspended {
                standing: Standing::Lapsed,
            },
            AppError::Forbidden {
                needs: Capability::DeleteProject,
            },
            AppError::MissingScope {
                scope: KeyScope::Read,
            },
            AppError::NotInPlan {
                feature: Feature::AuditLog,
            },
            limit(Limit::Projects),
            limit(Limit::ApiCalls),
            AppError::NotFound,
            AppError::TooSlow,
            AppError::Unfitting { errors: Vec::new() },
            AppError::Conflict {
                conflict: Conflict::NotAStep,
            },
            AppError::LengthRequired,
            AppError::TooLarge,
            AppError::UnsupportedMediaType,
            AppError::Invalid { errors: Vec::new() },
            AppError::KeyReused,
            AppError::Unavailable,
            AppError::StorageUnavailable,
            AppError::Busy,
        ] {
            let told = serde_json::to_value(&error).unwrap();
            let code = told["code"].as_str().unwrap().to_owned();
            let words = REFUSALS
                .iter()
                .find(|(status, _)| *status == error.status());
            let (_, words) = words.expect("a status that is described");
            assert!(words.contains(&format!("`{code}`")), "{code}: {words}");
        }
    }
}
