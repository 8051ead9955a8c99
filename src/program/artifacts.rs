//! Artifacts, for people: stored by a form, and downloaded. Both go through as
//! streams.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::{Body, Bytes},
    extract::{Path, Request, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, StreamExt, TryStreamExt};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, SET_COOKIE},
};

use super::refusal::{refusal, wants_page};
use crate::{
    access::server::Visitor,
    answer,
    error::{AppError, Problem},
    flash::{Flash, FormFlash, Toast},
    id::{DeploymentId, OrgSlug},
    projects::{
        model::{DeploymentCard, artifact_name, artifact_type},
        server::{
            artifacts::{self, Upload},
            deployments,
        },
    },
    public_api,
    server::{
        flash,
        pace::{SLOWEST, paced},
        range::Wanted,
    },
};

/// How much of a form may come before its file is found, in bytes: what arrives
/// at once, and more than a browser writes there.
const BEFORE_FILE: usize = 1 << 20;

type Address = Result<Path<(OrgSlug, DeploymentId)>, PathRejection>;

/// What the form on the page is called in what it leaves for the next.
const FORM: &str = "/_fn/store_artifact";

pub async fn download(address: Address, visitor: Visitor, headers: HeaderMap) -> Response {
    let (id, as_page) = (visitor.request.id, wants_page(&headers));
    let found = async {
        let Path((org, deployment)) = address.map_err(|_| AppError::NotFound)?;
        let grant = visitor.person()?.enter(&org).await?;
        artifacts::read(&grant, deployment, &Wanted::of(&headers)).await
    };
    match found.await {
        Ok(file) => public_api::download(file),
        Err(AppError::SignedOut) if as_page => see(&answer::sign_in_and_back("/app"), None, false),
        Err(error) => refusal(&error, Some(id), as_page),
    }
}

/// Goes back to the page of the deployment, with what went wrong if something
/// did.
pub async fn store(address: Address, visitor: Visitor, request: Request) -> Response {
    let (id, https) = (
        visitor.request.id,
        visitor.services.config.app_url().is_https(),
    );
    let Ok(Path((org, deployment))) = address else {
        return refusal(&AppError::NotFound, Some(id), true);
    };
    let known = match find(visitor.clone(), &org, deployment).await {
        Ok(known) => known,
        Err(AppError::SignedOut) => return see(&answer::sign_in_and_back("/app"), None, https),
        Err(error) => return refusal(&error, Some(id), true),
    };
    let page = format!(
        "/app/{org}/projects/{}/deployments/{deployment}",
        known.project_id
    );
    let flash = match take(visitor, &org, deployment, request).await {
        Ok(_) => Flash {
            toast: Some(Toast::ArtifactStored),
            ..Flash::default()
        },
        Err(error) => Flash {
            form: Some(FormFlash {
                action: FORM.to_owned(),
                error,
                values: std::collections::BTreeMap::new(),
            }),
            ..Flash::default()
        },
    };
    see(&page, Some(&flash), https)
}

async fn find(
    visitor: Visitor,
    org: &OrgSlug,
    id: DeploymentId,
) -> Result<DeploymentCard, AppError> {
    let grant = visitor.person()?.enter(org).await?;
    deployments::get::<crate::access::can::CreateDeployment>(&grant, id).await
}

async fn take(
    visitor: Visitor,
    org: &OrgSlug,
    id: DeploymentId,
    request: Request,
) -> Result<DeploymentCard, AppError> {
    let grant = visitor.person()?.enter(org).await?;
    let (parts, body) = request.into_parts();
    let announced = number(&parts.headers).ok_or(AppError::LengthRequired)?;
    let malformed = || AppError::invalid("", Problem::Malformed);
    let boundary = multer::parse_boundary(text(&parts.headers)).map_err(|_| malformed())?;
    let is_found = Arc::new(AtomicBool::new(false));
    let mut form = multer::Multipart::new(guarded(body, Arc::clone(&is_found)), boundary);
    let field = form.next_field().await;
    let field = field.map_err(|error| why(error, malformed()))?;
    is_found.store(true, Ordering::Relaxed);
    let field = field
        .filter(|field| field.name() == Some("file"))
        .ok_or_else(malformed)?;
    let named = field.file_name().unwrap_or_default().to_owned();
    if named.is_empty() {
        return Err(AppError::invalid("file", Problem::NoFile));
    }
    let kind = field.content_type().map(ToString::to_string);
    let upload = Upload {
        name: artifact_name(&named)
            .map_err(|_| AppError::invalid("file", Problem::NotAFileName))?,
        content_type: artifact_type(&kind.unwrap_or_default()),
        // With what is written around the file, which is given back.
        announced,
        body: Box::pin(field.map_err(|error| why(error, AppError::CutOff))),
    };
    artifacts::store(grant, id, upload).await
}

/// Why a form can't be read on: what its bytes ended with, if they did.
fn why(error: multer::Error, otherwise: AppError) -> AppError {
    match error {
        multer::Error::StreamReadFailed(error) => error
            .downcast::<AppError>()
            .map_or(otherwise, |error| *error),
        _ => otherwise,
    }
}

/// The bytes of a form. What comes before the file is held in memory until the
/// file is found, so there may be little of it.
fn guarded(
    body: Body,
    is_found: Arc<AtomicBool>,
) -> impl Stream<Item = Result<Bytes, AppError>> + Send {
    let state = Some((paced(SLOWEST, body), 0_usize));
    futures_util::stream::unfold(state, move |state| {
        let is_found = Arc::clone(&is_found);
        async move {
            let (mut body, seen) = state?;
            let chunk = match body.next().await? {
                Ok(chunk) => chunk,
                Err(why) => return Some((Err(why), None)),
            };
            let seen = seen.saturating_add(chunk.len());
            if seen > BEFORE_FILE && !is_found.load(Ordering::Relaxed) {
                return Some((Err(AppError::TooLarge), None));
            }
            Some((Ok(chunk), Some((body, seen))))
        }
    })
}

fn number(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn text(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn see(path: &str, left: Option<&Flash>, https: bool) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    if let Some(cookie) = left.and_then(|left| flash::leave(left, https)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
