//! Artifacts, which go through as streams.

use axum::{
    Json,
    body::{Body, HttpBody},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    },
};

use super::{
    answer::{FileRefusals, Refusals, Refused, Told},
    key::{Id, Key},
    list::Asked,
};
use crate::{
    access::can,
    error::{AppError, Problem},
    id::DeploymentId,
    projects::{
        model::{DeploymentCard, artifact_name, artifact_type},
        server::artifacts::{self, Download, Upload},
    },
    server::{
        disposition,
        pace::{SLOWEST, paced},
        range::Wanted,
    },
};

/// Download the artifact of a deployment
///
/// A deployment that has none answers 404. With a header `Range: bytes=…`, for
/// whoever was cut off, the answer is the rest (206).
#[utoipa::path(
    get, path = "/deployments/{id}/artifact", operation_id = "getArtifact", tag = "Artifacts",
    params(("id" = String, Path, example = "dpl_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The file, with its name, its type and its digest"),
        (status = 206, description = "The part of it that `Range` asks for"),
        Refusals
    )
)]
pub async fn get_artifact(
    Key(grant): Key<can::ViewProjects>,
    Id(id): Id<DeploymentId>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let wanted = Wanted::of(&headers);
    Ok(download(artifacts::read(&grant, id, &wanted).await?))
}

/// A file to be kept, and not to be looked at: whoever stored it says what it
/// is.
#[must_use]
pub fn download(file: Download) -> Response {
    let text = |text: &str| HeaderValue::from_str(text).ok();
    let digest = format!("sha-256=:{}:", STANDARD.encode(&file.sha256));
    // The one is of what is sent, the other of the file.
    let digested = match file.part {
        None => "content-digest",
        Some(_) => "repr-digest",
    };
    let part = file.part.as_ref();
    let sent = part.map_or(file.bytes, |part| part.end - part.start);
    let range = part.and_then(|part| {
        let (first, last) = (part.start, part.end - 1);
        text(&format!("bytes {first}-{last}/{}", file.bytes))
    });
    let headers = [
        (CONTENT_TYPE, text(&file.content_type)),
        (CONTENT_LENGTH, Some(sent.into())),
        (CONTENT_RANGE, range),
        (ACCEPT_RANGES, text("bytes")),
        (ETAG, text(&Download::etag(&file.sha256))),
        (CONTENT_DISPOSITION, disposition::attachment(&file.name)),
        (HeaderName::from_static(digested), text(&digest)),
    ];
    let status = match file.part {
        None => StatusCode::OK,
        Some(_) => StatusCode::PARTIAL_CONTENT,
    };
    let mut response = (status, Body::from_stream(file.body)).into_response();
    for (name, value) in headers {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Store the artifact of a deployment
///
/// Any file, in place of the one that the deployment may have. `Content-Length`
/// says how large it is: as much is taken from the storage of the plan before
/// anything is kept. Its name is the parameter `name`, or what
/// `Content-Disposition` says.
#[utoipa::path(
    put, path = "/deployments/{id}/artifact", operation_id = "putArtifact", tag = "Artifacts",
    params(
        ("id" = String, Path, example = "dpl_01h455vb4pex5vsknk084sn02q"),
        ("name" = inline(Option<String>), Query, description = "What the file is called.", example = "build.tar.gz", max_length = 255, pattern = "^([A-Za-z0-9_-][A-Za-z0-9._ -]*)?$"),
    ),
    request_body(content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "The deployment", body = DeploymentCard),
        FileRefusals,
        Refusals
    )
)]
pub async fn put_artifact(
    Key(grant): Key<can::CreateDeployment>,
    Id(id): Id<DeploymentId>,
    asked: Asked,
    headers: HeaderMap,
    body: Body,
) -> Told<DeploymentCard> {
    let header = |name| {
        let value: Option<&HeaderValue> = headers.get(name);
        value.and_then(|value| value.to_str().ok())
    };
    // What comes in chunks has no end that could be known before, and who says
    // nothing of a body may have forgotten it.
    let announced = header(CONTENT_LENGTH).and(body.size_hint().exact());
    if headers.contains_key(CONTENT_RANGE) {
        // A part would be kept as the whole.
        return Err(AppError::invalid("Content-Range", Problem::NotTaken).into());
    }
    let disposition = headers.get(CONTENT_DISPOSITION).map(HeaderValue::as_bytes);
    let named = disposition
        .and_then(|value| std::str::from_utf8(value).ok())
        .and_then(disposition::filename);
    let named = asked.get("name").map(str::to_owned).or(named);
    let upload = Upload {
        name: artifact_name(named.as_deref().unwrap_or_default())?,
        content_type: artifact_type(header(CONTENT_TYPE).unwrap_or_default()),
        announced: announced.ok_or(AppError::LengthRequired)?,
        body: paced(SLOWEST, body),
    };
    Ok(Json(artifacts::store(grant, id, upload).await?))
}

/// Delete the artifact of a deployment
///
/// Its bytes can be used for others at once.
#[utoipa::path(
    delete, path = "/deployments/{id}/artifact", operation_id = "deleteArtifact", tag = "Artifacts",
    params(("id" = String, Path, example = "dpl_01h455vb4pex5vsknk084sn02q")),
    responses((status = 204, description = "It is gone."), Refusals)
)]
pub async fn delete_artifact(
    Key(grant): Key<can::CreateDeployment>,
    Id(id): Id<DeploymentId>,
) -> Result<StatusCode, Refused> {
    artifacts::delete(&grant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
