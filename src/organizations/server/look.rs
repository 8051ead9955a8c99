//! Finding one's way: what a person is a member of, and where a slug leads.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::founding::claim_of;
use crate::{
    access::{
        Can, Role,
        server::{Agent, Grant, Person},
    },
    billing::Limit,
    entity::{organization, organization_member, project},
    error::AppError,
    id::{OrgId, OrgSlug},
    identity::model::Me,
    organizations::model::{Landing, OrgContext, OrgHead, Usage},
    server::database::Scope,
};

/// What a page of the organization shows around its content.
///
/// # Errors
/// If the database fails.
pub async fn context<C: Can>(grant: &Grant<C>) -> Result<OrgContext, AppError> {
    let used = grant
        .find::<project::Entity>()
        .count(&grant.read().await?)
        .await?;
    Ok(OrgContext {
        me: me(grant.agent()),
        org: head(grant.organization().clone(), grant.role()),
        organizations: mine(grant.agent()).await?,
        projects: Usage {
            used,
            quota: grant.entitlements().quota(Limit::Projects),
        },
        now: grant.now(),
    })
}

#[must_use]
pub fn me(agent: &Agent) -> Me {
    let account = agent.account();
    Me {
        id: account.id,
        name: account.name.clone(),
        email: account.email.clone(),
    }
}

/// All organizations that the person is a member of, by name.
///
/// # Errors
/// If the database fails.
pub async fn mine(agent: &Agent) -> Result<Vec<OrgHead>, AppError> {
    let db = agent.services().db.read(Scope::Person(agent.user()));
    let rows = organization_member::Entity::find()
        .find_also_related(organization::Entity)
        .filter(organization_member::Column::UserId.eq(agent.user()))
        .order_by_asc(organization::Column::Name)
        .all(&db.await?)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(member, organization)| Some(head(organization?, member.role)))
        .collect())
}

/// What of its billing a page of an organization is made for.
#[must_use]
pub fn shown(organization: &organization::Model) -> String {
    let standing = organization.subscription_status.standing();
    OrgHead::shown_as(organization.plan, standing)
}

pub(super) fn head(organization: organization::Model, role: Role) -> OrgHead {
    let image = organization
        .image
        .map(|digest| format!("/app/{}/image/{digest}", organization.slug));
    OrgHead {
        name: organization.name,
        slug: organization.slug,
        plan: organization.plan,
        standing: organization.subscription_status.standing(),
        role,
        image,
    }
}

/// Where `/app` leads a person who used that organization last; at the host of
/// one of theirs, always to that.
///
/// # Errors
/// If the database fails.
pub async fn landing(person: &Person, last_used: Option<&str>) -> Result<Landing, AppError> {
    let mine = mine(&person.agent()).await?;
    if let Some(slug) = person.visitor().request.host.tenant() {
        let is_mine = mine.iter().any(|org| org.slug == *slug);
        let own = Landing::Organization(slug.clone());
        return Ok(if is_mine { own } else { Landing::Choose });
    }
    let last = mine.iter().find(|org| Some(org.slug.as_str()) == last_used);
    Ok(match (last, mine.as_slice()) {
        (Some(org), _) | (None, [org]) => Landing::Organization(org.slug.clone()),
        (None, []) => Landing::Found,
        (None, _) => Landing::Choose,
    })
}

/// The slug that an organization has now, of which the person is a member and
/// which had the other one before.
///
/// # Errors
/// `NotFound` if there is none.
pub async fn moved_to(person: &Person, old: &OrgSlug) -> Result<OrgSlug, AppError> {
    // The same two queries whoever's slug it is: their time tells nothing.
    let claim = claim_of(person, old).await?;
    let claimed = claim.map_or(OrgId(Uuid::nil()), |claim| claim.organization_id);
    let db = person
        .services()
        .db
        .read(Scope::Person(person.account().id));
    let (_, organization) = organization_member::Entity::find()
        .find_also_related(organization::Entity)
        .filter(organization_member::Column::UserId.eq(person.account().id))
        .filter(organization_member::Column::OrganizationId.eq(claimed))
        .one(&db.await?)
        .await?
        .ok_or(AppError::NotFound)?;
    organization
        .map(|organization| organization.slug)
        .ok_or(AppError::NotFound)
}
