//! Problem documents, as the description of the API describes them.

#![allow(unused_qualifications)] // in what the macro writes

use serde::Serialize;
use utoipa::ToSchema;

/// A problem, as RFC 9457 describes it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: String,
    /// The same for all problems with this status.
    #[schema(example = "Unprocessable Entity")]
    title: String,
    #[schema(example = 422)]
    status: u16,
    /// What happened and what to do next, in words for people.
    detail: String,
    /// What happened, for programs. It doesn't change.
    #[schema(example = "invalid")]
    code: String,
    /// By which we find what happened in our log.
    request_id: Option<String>,
    /// What is wrong with what was sent.
    #[schema(required = false)]
    errors: Vec<ProblemField>,
}

/// One thing that is wrong with what was sent.
#[derive(Serialize, ToSchema)]
pub struct ProblemField {
    /// A JSON pointer into the body, or to the name of a parameter.
    #[schema(example = "#/name")]
    pointer: String,
    detail: String,
}
