//! What goes on in an organization, as server-sent events.

use axum::{
    body::Body,
    extract::{
        Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use serde::Deserialize;

use super::refusal::refusal;
use crate::{access::server::Visitor, analytics::server::stream, error::AppError, id::OrgSlug};

const LAST_EVENT_ID: &str = "last-event-id";

#[derive(Deserialize)]
pub struct Asked {
    /// A browser that opens a stream anew can't send the header.
    #[serde(rename = "lastEventId")]
    last_event_id: Option<String>,
}

pub async fn stream(
    org: Result<Path<OrgSlug>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    method: Method,
    headers: HeaderMap,
    visitor: Visitor,
) -> Response {
    let id = visitor.request.id;
    let Ok(Path(org)) = org else {
        return refusal(&AppError::NotFound, Some(id), false);
    };
    let header = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let asked = asked.ok().and_then(|Query(asked)| asked.last_event_id);
    let last = header.map(str::to_owned).or(asked);
    match open(visitor, &org, &method, last.as_deref()).await {
        Ok(response) => response,
        Err(error) => refusal(&error, Some(id), false),
    }
}

/// Whoever only asks for the head learns whether they would be let in.
async fn open(
    visitor: Visitor,
    org: &OrgSlug,
    method: &Method,
    last_event_id: Option<&str>,
) -> Result<Response, AppError> {
    let admitted = stream::admit(visitor.person()?, org).await?;
    if method == Method::HEAD {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let viewer = admitted.watch().await?.after(last_event_id);
    let mut response = Body::from_stream(viewer.into_stream()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Nobody on the way may wait until there is more of it.
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(response)
}
