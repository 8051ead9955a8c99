//! Changing an organization, and deleting it.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, ModelTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use super::founding::{Unclaimed, claim_slug, on_field};
use crate::{
    access::{
        can::{self, InAnyStanding},
        server::{Grant, OrgTx},
    },
    audit::model::Event,
    entity::{organization, organization_slug},
    error::{AppError, Problem},
    id::OrgSlug,
    server::{fault, outbox, store::Removal, stripe::Owed},
};

/// # Errors
/// If the database fails.
pub async fn rename(grant: &Grant<can::ManageSettings>, name: String) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let before = tx.organization().clone();
    if before.name == name {
        return Ok(());
    }
    update(
        &tx,
        organization::ActiveModel {
            name: Set(name.clone()),
            ..Default::default()
        },
    )
    .await?;
    tx.commit(Event::OrganizationRenamed {
        organization: before.id,
        before: before.name,
        after: name,
    })
    .await
}

/// Gives the organization another slug; the one it had goes on leading to it.
///
/// # Errors
/// `Invalid` if it is or was somebody else's.
pub async fn change_slug(
    grant: &Grant<can::ManageSettings>,
    slug: OrgSlug,
) -> Result<OrgSlug, AppError> {
    let tx = grant.begin().await?;
    let before = tx.organization().clone();
    if before.slug == slug {
        return Ok(slug);
    }
    let had = tx
        .find::<organization_slug::Entity>()
        .filter(organization_slug::Column::Slug.eq(slug.clone()))
        .one(&*tx)
        .await?;
    let change = organization::ActiveModel {
        slug: Set(slug.clone()),
        ..Default::default()
    };
    update(&tx, change).await.map_err(|error| {
        if fault::is_taken(&error) {
            AppError::invalid("slug", Problem::Taken)
        } else {
            error.into()
        }
    })?;
    if had.is_none() {
        claim_slug(&*tx, before.id, &slug, tx.now())
            .await
            .map_err(|error: Unclaimed| on_field("slug", error))?;
    }
    note_left(&tx, &before.slug).await?;
    release_oldest(&tx, &slug).await?;
    let event = Event::OrganizationSlugChanged {
        organization: before.id,
        before: before.slug.to_string(),
        after: slug.to_string(),
    };
    tx.commit(event).await?;
    Ok(slug)
}

/// How many slugs that it had lead to an organization. Without an end to it,
/// one organization could keep all good names from the others.
const OLD_SLUGS_KEPT: usize = 5;

/// The slug that was left a moment ago is the last to be let go.
async fn note_left(tx: &OrgTx, slug: &OrgSlug) -> Result<(), AppError> {
    organization_slug::Entity::update_many()
        .col_expr(organization_slug::Column::ClaimedAt, Expr::value(tx.now()))
        .filter(organization_slug::Column::OrganizationId.eq(tx.organization().id))
        .filter(organization_slug::Column::Slug.eq(slug.clone()))
        .exec(&**tx)
        .await?;
    Ok(())
}

async fn release_oldest(tx: &OrgTx, current: &OrgSlug) -> Result<(), AppError> {
    let old = tx
        .find::<organization_slug::Entity>()
        .filter(organization_slug::Column::Slug.ne(current.clone()))
        .order_by_desc(organization_slug::Column::ClaimedAt)
        .order_by_asc(organization_slug::Column::Slug)
        .all(&**tx)
        .await?;
    for claim in old.into_iter().skip(OLD_SLUGS_KEPT) {
        claim.delete(&**tx).await?;
    }
    Ok(())
}

/// Puts the list of first steps away, for all members.
///
/// # Errors
/// If the database fails.
pub async fn dismiss_checklist(grant: &Grant<can::ManageSettings>) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    if tx.organization().checklist_dismissed_at.is_some() {
        return Ok(());
    }
    let organization = tx.organization().id;
    let now = tx.now();
    update(
        &tx,
        organization::ActiveModel {
            checklist_dismissed_at: Set(Some(now)),
            ..Default::default()
        },
    )
    .await?;
    tx.commit(Event::OrganizationChecklistDismissed { organization })
        .await
}

/// Deletes the organization and all that is in it. Its audit log stays.
///
/// # Errors
/// `Invalid` unless its slug is repeated.
pub async fn delete(
    grant: &Grant<InAnyStanding<can::DeleteOrganization>>,
    confirmation: &str,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let organization = tx.organization().clone();
    if confirmation.trim() != organization.slug.as_str() {
        return Err(AppError::invalid("confirmation", Problem::NotTheSame));
    }
    organization::Entity::delete_by_id(organization.id)
        .exec(&*tx)
        .await?;
    outbox::post(&*tx, tx.now(), &Removal::below(organization.id)).await?;
    if let Some(customer) = organization.stripe_customer_id {
        outbox::post(&*tx, tx.now(), &Owed::End { customer }).await?;
    }
    tx.commit(Event::OrganizationDeleted {
        organization: organization.id,
        name: organization.name,
        slug: organization.slug.to_string(),
    })
    .await
}

pub(super) async fn update(tx: &OrgTx, change: organization::ActiveModel) -> Result<(), DbErr> {
    let id = tx.organization().id;
    organization::Entity::update(organization::ActiveModel {
        id: Set(id),
        updated_at: Set(tx.now()),
        ..change
    })
    .exec(&**tx)
    .await?;
    Ok(())
}
