//! Saying no, as Stripe does.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub kind: &'static str,
    pub code: Option<&'static str>,
    pub message: String,
    pub param: Option<String>,
    pub decline_code: Option<&'static str>,
}

impl Refusal {
    /// What was sent is not what this endpoint takes.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: "invalid_request_error",
            code: None,
            message: message.into(),
            param: None,
            decline_code: None,
        }
    }

    /// There is no such thing.
    pub fn missing(what: &str, id: &str) -> Self {
        Self {
            status: 404,
            code: Some("resource_missing"),
            param: Some("id".to_owned()),
            ..Self::invalid(format!("No such {what}: '{id}'"))
        }
    }

    /// A parameter names a thing that isn't there.
    pub fn names_nothing(what: &str, id: &str, param: &str) -> Self {
        Self {
            status: 400,
            param: Some(param.to_owned()),
            ..Self::missing(what, id)
        }
    }

    pub fn required(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}."))
            .with_code("parameter_missing")
            .about(param)
    }

    /// The card says no.
    pub fn card(code: &'static str, decline_code: Option<&'static str>, message: &str) -> Self {
        Self {
            status: 402,
            kind: "card_error",
            code: Some(code),
            decline_code,
            ..Self::invalid(message)
        }
    }

    #[must_use]
    pub fn with_code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    #[must_use]
    pub fn with_status(self, status: u16, kind: &'static str) -> Self {
        Self {
            status,
            kind,
            ..self
        }
    }

    #[must_use]
    pub fn about(self, param: &str) -> Self {
        Self {
            param: Some(param.to_owned()),
            ..self
        }
    }

    /// The error within the answer's body, without its envelope.
    #[must_use]
    pub fn error(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        let parts = [
            ("code", self.code),
            ("param", self.param.as_deref()),
            ("decline_code", self.decline_code),
        ];
        for (name, part) in parts {
            if let (Some(part), Some(fields)) = (part, error.as_object_mut()) {
                fields.insert(name.to_owned(), part.into());
            }
        }
        if let (Some(code), Some(fields)) = (self.code, error.as_object_mut()) {
            let page = format!(
                "https://stripe.com/docs/error-codes/{}",
                code.replace('_', "-")
            );
            fields.insert("doc_url".to_owned(), page.into());
        }
        error
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, Json(json!({ "error": self.error() }))).into_response()
    }
}
