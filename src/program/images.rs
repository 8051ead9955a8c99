//! Images of organizations, for their members.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header::CONTENT_TYPE};

use super::refusal::refusal;
use crate::{access::server::Visitor, error::AppError, id::OrgSlug, organizations::server::image};

pub async fn organization_image(
    address: Result<Path<(OrgSlug, String)>, PathRejection>,
    visitor: Visitor,
) -> Response {
    let id = visitor.request.id;
    let Ok(Path((org, digest))) = address else {
        return refusal(&AppError::NotFound, Some(id), false);
    };
    match find(visitor, &org, &digest).await {
        Ok(image) => {
            let kind = HeaderValue::from_str(&image.content_type)
                .unwrap_or(HeaderValue::from_static("application/octet-stream"));
            ([(CONTENT_TYPE, kind)], image.bytes).into_response()
        }
        Err(error) => refusal(&error, Some(id), false),
    }
}

async fn find(visitor: Visitor, org: &OrgSlug, digest: &str) -> Result<image::Image, AppError> {
    let grant = visitor.person()?.enter(org).await?;
    image::get(&grant, digest).await
}
