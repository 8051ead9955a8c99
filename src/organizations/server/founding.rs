//! A new organization, and its slug.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait,
    QueryFilter, QuerySelect, RelationTrait, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    access::{
        Role,
        server::{Person, trail},
    },
    audit::model::Event,
    billing::{Limit, Plan, SubscriptionStatus, plan::FREE_ORGANIZATIONS_PER_OWNER},
    entity::{organization, organization_member, organization_slug, user},
    error::{AppError, Problem},
    id::{OrgId, OrgSlug, UserId},
    organizations::model::{Founding, SlugStanding},
    server::{
        database::{Scope, WriteTx},
        fault,
    },
};

/// Founds an organization, whose owner is the person.
///
/// # Errors
/// `Invalid` if the slug is taken; `LimitReached` if the person owns as many
/// on Free as one may.
pub async fn found(person: &Person, new: Founding) -> Result<OrgSlug, AppError> {
    let (id, now, owner) = (OrgId::generate(), person.now(), person.account().id);
    let tx = person
        .services()
        .db
        .write("a new organization is no tenant yet")
        .await?;
    claim_free_organization(&tx, owner).await?;
    tx.enter(Scope::Tenant(id)).await?;
    insert(&tx, id, &new, now).await?;
    claim_slug(&*tx, id, &new.slug, now)
        .await
        .map_err(|error| on_field("new[slug]", error))?;
    organization_member::Entity::insert(organization_member::ActiveModel {
        id: Set(Uuid::now_v7()),
        organization_id: Set(id),
        user_id: Set(owner),
        role: Set(Role::Owner),
        joined_at: Set(now),
    })
    .exec_without_returning(&*tx)
    .await?;
    let event = Event::OrganizationCreated {
        organization: id,
        name: new.name,
        slug: new.slug.to_string(),
    };
    trail::append(&*tx, id, &person.actor(), &event, now).await?;
    tx.commit().await?;
    Ok(new.slug)
}

async fn insert(
    tx: &WriteTx,
    id: OrgId,
    new: &Founding,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let organization = organization::ActiveModel {
        id: Set(id),
        name: Set(new.name.clone()),
        slug: Set(new.slug.clone()),
        plan: Set(Plan::Free),
        subscription_status: Set(SubscriptionStatus::None),
        cancel_at_period_end: Set(false),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    match organization::Entity::insert(organization)
        .exec_without_returning(&**tx)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) if fault::is_taken(&error) => {
            Err(AppError::invalid("new[slug]", Problem::Taken))
        }
        Err(error) => Err(error.into()),
    }
}

/// Counts what the person owns on Free, alone with the person's account.
async fn claim_free_organization(tx: &WriteTx, owner: UserId) -> Result<(), AppError> {
    lock_person(tx, owner).await?;
    tx.enter(Scope::Person(owner)).await?;
    let owned = organization_member::Entity::find()
        .join(
            JoinType::InnerJoin,
            organization_member::Relation::Organization.def(),
        )
        .filter(organization_member::Column::UserId.eq(owner))
        .filter(organization_member::Column::Role.eq(Role::Owner))
        .filter(organization::Column::Plan.eq(Plan::Free))
        .count(&**tx)
        .await?;
    if owned < FREE_ORGANIZATIONS_PER_OWNER {
        return Ok(());
    }
    Err(AppError::LimitReached {
        limit: Limit::FreeOrganizations,
        max: FREE_ORGANIZATIONS_PER_OWNER,
    })
}

/// Whatever locks more than one thing locks them in this order: the person,
/// organizations by id, then slugs. Members may still be added meanwhile.
async fn lock_person(tx: &WriteTx, id: UserId) -> Result<(), AppError> {
    user::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(&**tx)
        .await?
        .ok_or(AppError::SignedOut)?;
    Ok(())
}

/// Why a slug couldn't be claimed.
pub(super) enum Unclaimed {
    Taken,
    Fault(AppError),
}

pub(super) fn on_field(field: &str, unclaimed: Unclaimed) -> AppError {
    match unclaimed {
        Unclaimed::Taken => AppError::invalid(field, Problem::Taken),
        Unclaimed::Fault(error) => error,
    }
}

/// Makes a slug the organization's for good: it leads there even after the
/// organization took another.
pub(super) async fn claim_slug(
    tx: &impl ConnectionTrait,
    organization: OrgId,
    slug: &OrgSlug,
    now: DateTime<Utc>,
) -> Result<(), Unclaimed> {
    let claim = organization_slug::ActiveModel {
        slug: Set(slug.clone()),
        organization_id: Set(organization),
        claimed_at: Set(now),
    };
    match organization_slug::Entity::insert(claim)
        .exec_without_returning(tx)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) if fault::is_taken(&error) => Err(Unclaimed::Taken),
        Err(error) => Err(Unclaimed::Fault(error.into())),
    }
}

/// Whose a slug is or was.
///
/// # Errors
/// If the database fails.
pub(super) async fn claim_of(
    person: &Person,
    slug: &OrgSlug,
) -> Result<Option<organization_slug::Model>, AppError> {
    let db = person.services().db.read(Scope::Slug(slug.clone())).await?;
    Ok(organization_slug::Entity::find_by_id(slug.clone())
        .one(&db)
        .await?)
}

/// Whether a slug can be had, by an organization that may have had it before.
///
/// # Errors
/// If the database fails.
pub async fn standing(
    person: &Person,
    slug: &OrgSlug,
    of: Option<OrgId>,
) -> Result<SlugStanding, AppError> {
    let claim = claim_of(person, slug).await?;
    Ok(match claim {
        None => SlugStanding::Free,
        Some(claim) if of == Some(claim.organization_id) => SlugStanding::Own,
        Some(_) => SlugStanding::Not(Problem::Taken.words()),
    })
}
