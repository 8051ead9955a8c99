//! The audit log as a file.

use axum::{
    body::Body,
    extract::{
        Path, Query,
        rejection::{PathRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};

use super::refusal::refusal;
use crate::{
    access::server::Visitor,
    audit::{
        model::AuditQuery,
        server::{Format, export},
    },
    error::AppError,
    id::OrgSlug,
};

type Asked = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub async fn csv(
    org: Result<Path<OrgSlug>, PathRejection>,
    asked: Asked,
    visitor: Visitor,
) -> Response {
    answer(org, asked, visitor, Format::Csv).await
}

pub async fn json_lines(
    org: Result<Path<OrgSlug>, PathRejection>,
    asked: Asked,
    visitor: Visitor,
) -> Response {
    answer(org, asked, visitor, Format::JsonLines).await
}

async fn answer(
    org: Result<Path<OrgSlug>, PathRejection>,
    asked: Asked,
    visitor: Visitor,
    format: Format,
) -> Response {
    let id = visitor.request.id;
    let Ok(Path(org)) = org else {
        return refusal(&AppError::NotFound, Some(id), false);
    };
    let pairs = asked.map(|Query(pairs)| pairs).unwrap_or_default();
    let query = AuditQuery::read(|name| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    });
    match file(visitor, org, query, format).await {
        Ok(response) => response,
        Err(error) => refusal(&error, Some(id), false),
    }
}

async fn file(
    visitor: Visitor,
    org: OrgSlug,
    query: AuditQuery,
    format: Format,
) -> Result<Response, AppError> {
    let name = format!("attachment; filename=\"{org}-audit.{}\"", format.ending());
    let rows = export(visitor.person()?, org, query, format).await?;
    let mut response = Body::from_stream(rows).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
