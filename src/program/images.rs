//! Images of organizations, for their members.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header::CONTENT_TYPE};

use super::refusal::refusal;
use crate::{access::server::Visitor, error::AppError, id::OrgSlug, organizations::server::image};

pub async fn organization_image(
    Path((org, digest)): Path<(OrgSlug, String)>,
    visitor: Visitor,
) -> Response {
    let id = visitor.request.id;
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
