//! Who calls. Every handler takes this first: nothing else is looked at before
//! it is known, and nobody who is let in isn't counted.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::{answer::Refused, around::Count};
use crate::{
    access::{
        Can,
        server::{Grant, key_door},
    },
    billing::Limit,
    error::AppError,
    server::{request::RequestInfo, services::Services},
    usage::server::calls,
};

/// The grant of a key, for a call that was counted.
pub struct Key<C: Can>(pub Grant<C>);

impl<C: Can> FromRequestParts<Services> for Key<C> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Refused> {
        let request = parts
            .extensions
            .get::<RequestInfo>()
            .ok_or(AppError::Unavailable)?;
        let grant = key_door::api_key::<C>(services, request, &parts.headers).await?;
        let used = calls::count(services, grant.organization().id).await?;
        if let Some(count) = parts.extensions.get::<Count>() {
            count.note(used, grant.entitlements().quota(Limit::ApiCalls));
        }
        Ok(Self(grant))
    }
}

/// An id in the path. What is none isn't found, like what isn't there.
pub struct Id<T>(pub T);

impl<T: std::str::FromStr + Send> FromRequestParts<Services> for Id<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Refused> {
        let path = Path::<String>::from_request_parts(parts, services).await;
        let Path(text) = path.map_err(|_| AppError::NotFound)?;
        Ok(Self(text.parse().map_err(|_| AppError::NotFound)?))
    }
}
