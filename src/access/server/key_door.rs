//! The way in for programs: a key of the API, which acts on behalf of whoever
//! made it and never does more than they may do now.

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, header::AUTHORIZATION};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    agent::{ActingKey, Agent},
    authn::Account,
    grant::Grant,
    tx::OrgTx,
};
use crate::{
    access::{Can, Role},
    entity::{api_key, organization, organization_member, user},
    error::AppError,
    id::ApiKeyId,
    server::{api_secret, database::Scope, request::RequestInfo, services::Services, token},
};

/// How often it is noted that a key is in use.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(60);

/// The member of an organization on whose behalf the key acts, if they may do
/// what is asked for and the key is made for it.
///
/// # Errors
/// `BadKey`; `NotFound` where the host names another organization;
/// `Suspended`; `Forbidden`; `MissingScope`.
pub async fn api_key<C: Can>(
    services: &Services,
    request: &RequestInfo,
    headers: &HeaderMap,
) -> Result<Grant<C>, AppError> {
    let secret = bearer(headers).ok_or(AppError::BadKey)?;
    let key = find(services, secret).await?;
    let (organization, role, creator) =
        maker(services, &key).await?.ok_or(AppError::Forbidden {
            needs: C::CAPABILITY,
        })?;
    if !request.host.admits(&organization.slug) {
        return Err(AppError::NotFound);
    }
    let agent = Agent {
        services: services.clone(),
        request: request.clone(),
        account: Account::from(creator),
        key: Some(ActingKey {
            id: key.id,
            name: key.name.clone(),
            scopes: key.scopes.clone(),
        }),
        once: None,
    };
    let grant = Grant::issue(agent, organization, role)?;
    if note_use(services, &key).await.is_err() {
        tracing::warn!(key = %key.id, "that a key is in use couldn't be noted");
    }
    Ok(grant)
}

/// A key in the one place where it may stand, once, if it can be one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let value = value.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && api_secret::is_whole(secret)).then_some(secret)
}

async fn find(services: &Services, secret: &str) -> Result<api_key::Model, AppError> {
    let hash = token::hash(secret);
    let db = services.db.read(Scope::Bearer(hash.clone())).await?;
    let now = services.clock.now();
    api_key::Entity::find()
        .filter(api_key::Column::Hash.eq(hash))
        .one(&db)
        .await?
        .filter(|key| is_good(key, now))
        .ok_or(AppError::BadKey)
}

/// Whoever made the key, if they are a member still, and of what.
async fn maker(
    services: &Services,
    key: &api_key::Model,
) -> Result<Option<(organization::Model, Role, user::Model)>, AppError> {
    let db = services.db.read(Scope::Tenant(key.organization_id)).await?;
    let found = organization_member::Entity::find()
        .filter(organization_member::Column::OrganizationId.eq(key.organization_id))
        .filter(organization_member::Column::UserId.eq(key.created_by))
        .find_also_related(organization::Entity)
        .find_also_related(user::Entity)
        .one(&db)
        .await?;
    Ok(match found {
        Some((member, Some(organization), Some(user))) => Some((organization, member.role, user)),
        _ => None,
    })
}

/// Of many at once, one notes it.
async fn note_use(services: &Services, key: &api_key::Model) -> Result<(), AppError> {
    let now = services.clock.now();
    let long_ago = now - NOTED_EVERY;
    if key.last_used_at.is_some_and(|at| at > long_ago) {
        return Ok(());
    }
    let tx = services.db.write("a key that is used").await?;
    tx.enter(Scope::Tenant(key.organization_id)).await?;
    let is_old = Condition::any()
        .add(api_key::Column::LastUsedAt.is_null())
        .add(api_key::Column::LastUsedAt.lte(long_ago));
    api_key::Entity::update_many()
        .col_expr(api_key::Column::LastUsedAt, Expr::value(now))
        .filter(api_key::Column::OrganizationId.eq(key.organization_id))
        .filter(api_key::Column::Id.eq(key.id))
        .filter(is_old)
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// Makes sure that a key wasn't revoked while its request was under way.
///
/// # Errors
/// `BadKey`.
pub(super) async fn still(tx: &OrgTx, id: ApiKeyId, now: DateTime<Utc>) -> Result<(), AppError> {
    tx.find::<api_key::Entity>()
        .filter(api_key::Column::Id.eq(id))
        .one(&**tx)
        .await?
        .filter(|key| is_good(key, now))
        .map(drop)
        .ok_or(AppError::BadKey)
}

fn is_good(key: &api_key::Model, now: DateTime<Utc>) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|at| at > now)
}
