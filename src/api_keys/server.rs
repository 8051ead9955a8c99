//! Making, listing, rotating and revoking keys. Of a key only its hash is
//! kept: whoever made it sees it once.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::model::{KeyPlan, KeyRow, Keys, Overlap};
use crate::{
    access::{
        KeyScopes, can,
        server::{Grant, OrgTx},
    },
    audit::model::Event,
    entity::{api_key, organization_member, project, user},
    error::AppError,
    id::ApiKeyId,
    server::{api_secret, database::ReadTx, token},
};

/// How much of a key is shown in lists, beside its last four characters.
const SHOWN: usize = api_secret::PREFIX.len() + 4;

/// A key that was made, which nobody is shown again.
pub struct Made {
    pub name: String,
    pub key: String,
}

/// # Errors
/// If the database fails.
pub async fn list(grant: &Grant<can::ManageApiKeys>) -> Result<Keys, AppError> {
    let (db, now) = (grant.read().await?, grant.now());
    let keys = good(grant.find(), now)
        .order_by_desc(api_key::Column::Id)
        .all(&db)
        .await?;
    let members = names(grant, &db).await?;
    let creator = |key: &api_key::Model| {
        let member = members.iter().find(|member| member.id == key.created_by);
        member.map(|member| member.name.clone())
    };
    let example = grant
        .find::<project::Entity>()
        .order_by_desc(project::Column::Id)
        .limit(1)
        .one(&db)
        .await?;
    Ok(Keys {
        rows: keys
            .into_iter()
            .map(|key| KeyRow {
                creator: creator(&key),
                id: key.id,
                name: key.name,
                prefix: key.prefix,
                last_four: key.last_four,
                scopes: key.scopes,
                created_at: key.created_at,
                expires_at: key.expires_at,
                last_used_at: key.last_used_at,
                is_replaced: key.replaced_at.is_some(),
            })
            .collect(),
        origin: grant.agent().origin(),
        example: example.map(|project| project.id),
        now,
    })
}

async fn names(
    grant: &Grant<can::ManageApiKeys>,
    db: &ReadTx,
) -> Result<Vec<user::Model>, AppError> {
    let members = grant
        .find::<organization_member::Entity>()
        .find_also_related(user::Entity)
        .all(db)
        .await?;
    Ok(members.into_iter().filter_map(|(_, user)| user).collect())
}

/// Those that can be used now.
fn good(found: Select<api_key::Entity>, now: DateTime<Utc>) -> Select<api_key::Entity> {
    let holds = Condition::any()
        .add(api_key::Column::ExpiresAt.is_null())
        .add(api_key::Column::ExpiresAt.gt(now));
    found
        .filter(api_key::Column::RevokedAt.is_null())
        .filter(holds)
}

/// # Errors
/// `Internal` if the system gives no randomness.
pub async fn create(grant: &Grant<can::ManageApiKeys>, plan: KeyPlan) -> Result<Made, AppError> {
    let tx = grant.begin().await?;
    let expires_at = plan.lifetime.length().map(|length| tx.now() + length);
    let (id, made) = insert(&tx, &plan.name, plan.scopes.clone(), expires_at).await?;
    tx.commit(Event::ApiKeyCreated {
        key: id,
        name: plan.name,
        scopes: plan.scopes,
        expires_at,
    })
    .await?;
    Ok(made)
}

/// Makes a key with the name and the scopes of another, to be used as long from
/// now on. The other one goes on for a while, so that nothing stands still
/// until the new one is everywhere.
///
/// # Errors
/// `NotFound` if it can't be used any more, or was replaced already.
pub async fn rotate(
    grant: &Grant<can::ManageApiKeys>,
    id: ApiKeyId,
    overlap: Overlap,
) -> Result<Made, AppError> {
    let tx = grant.begin().await?;
    let old = find(&tx, id).await?;
    if old.replaced_at.is_some() {
        return Err(AppError::NotFound);
    }
    let length = old.expires_at.map(|at| at - old.created_at);
    let expires_at = length.map(|length| tx.now() + length);
    let (successor, made) = insert(&tx, &old.name, old.scopes.clone(), expires_at).await?;
    let overlap = tx.now() + overlap.length();
    let ends_at = old.expires_at.map_or(overlap, |at| at.min(overlap));
    api_key::Entity::update(api_key::ActiveModel {
        id: Set(id),
        expires_at: Set(Some(ends_at)),
        replaced_at: Set(Some(tx.now())),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    tx.commit(Event::ApiKeyRotated {
        key: id,
        name: old.name,
        successor,
        expires_at: ends_at,
    })
    .await?;
    Ok(made)
}

/// # Errors
/// `NotFound` if it can't be used any more.
pub async fn revoke(grant: &Grant<can::ManageApiKeys>, id: ApiKeyId) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let key = find(&tx, id).await?;
    api_key::Entity::update(api_key::ActiveModel {
        id: Set(id),
        revoked_at: Set(Some(tx.now())),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    tx.commit(Event::ApiKeyRevoked {
        key: id,
        name: key.name,
    })
    .await
}

async fn find(tx: &OrgTx, id: ApiKeyId) -> Result<api_key::Model, AppError> {
    good(tx.find(), tx.now())
        .filter(api_key::Column::Id.eq(id))
        .one(&**tx)
        .await?
        .ok_or(AppError::NotFound)
}

async fn insert(
    tx: &OrgTx,
    name: &str,
    scopes: KeyScopes,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(ApiKeyId, Made), AppError> {
    let (id, key) = (ApiKeyId::generate(), api_secret::generate()?);
    let row = row(tx, id, name, scopes, &key, expires_at);
    api_key::Entity::insert(api_key::ActiveModel::from(row))
        .exec_without_returning(&**tx)
        .await?;
    let name = name.to_owned();
    Ok((id, Made { name, key }))
}

fn row(
    tx: &OrgTx,
    id: ApiKeyId,
    name: &str,
    scopes: KeyScopes,
    key: &str,
    expires_at: Option<DateTime<Utc>>,
) -> api_key::Model {
    let last_four = key.len().saturating_sub(4);
    api_key::Model {
        id,
        organization_id: tx.organization().id,
        name: name.to_owned(),
        prefix: key.get(..SHOWN).unwrap_or_default().to_owned(),
        last_four: key.get(last_four..).unwrap_or_default().to_owned(),
        hash: token::hash(key),
        scopes,
        created_by: tx.person(),
        created_at: tx.now(),
        expires_at,
        last_used_at: None,
        replaced_at: None,
        revoked_at: None,
    }
}
