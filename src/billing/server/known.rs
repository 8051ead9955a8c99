//! What is known of an organization's billing, in the tables that hold it.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use crate::{
    billing::change::{Billing, Birth, Period, Subscription},
    entity::{billing_sync, organization, surplus_subscription},
    error::AppError,
    id::OrgId,
};

/// What is known besides the organization itself.
pub async fn sync(db: &impl ConnectionTrait, id: OrgId) -> Result<billing_sync::Model, AppError> {
    let row = billing_sync::Entity::find_by_id(id).one(db).await?;
    Ok(row.unwrap_or(billing_sync::Model {
        organization_id: id,
        version: 0,
        subscription_created_at: None,
        newest_subscription_id: None,
        newest_subscription_created_at: None,
        deleted_customer_id: None,
    }))
}

/// All that a change is made from.
pub async fn billing(
    db: &impl ConnectionTrait,
    organization: &organization::Model,
    sync: &billing_sync::Model,
) -> Result<Billing, AppError> {
    let surplus = surplus_subscription::Entity::find()
        .filter(surplus_subscription::Column::OrganizationId.eq(organization.id))
        .order_by_asc(surplus_subscription::Column::FoundAt)
        .all(db)
        .await?;
    let subscription = organization.stripe_subscription_id.clone().map(|id| Birth {
        at: sync.subscription_created_at.unwrap_or_default(),
        id,
    });
    let newest = sync.newest_subscription_id.clone().map(|id| Birth {
        at: sync.newest_subscription_created_at.unwrap_or_default(),
        id,
    });
    let period = organization.current_period_start;
    Ok(Billing {
        status: organization.subscription_status,
        plan: organization.plan,
        subscription,
        price: organization.stripe_price_id.clone(),
        period: period
            .zip(organization.current_period_end)
            .map(|(start, end)| Period { start, end }),
        cancels_at_period_end: organization.cancel_at_period_end,
        newest,
        surplus: surplus.into_iter().map(|row| row.subscription_id).collect(),
    })
}

/// Writes what the organization is from now on.
pub async fn write(
    db: &impl ConnectionTrait,
    organization: OrgId,
    after: &Billing,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    organization::Entity::update(organization::ActiveModel {
        id: Set(organization),
        plan: Set(after.plan),
        subscription_status: Set(after.status),
        stripe_subscription_id: Set(after.subscription.clone().map(|birth| birth.id)),
        stripe_price_id: Set(after.price.clone()),
        current_period_start: Set(after.period.map(|period| period.start)),
        current_period_end: Set(after.period.map(|period| period.end)),
        cancel_at_period_end: Set(after.cancels_at_period_end),
        updated_at: Set(now),
        ..Default::default()
    })
    .exec(db)
    .await?;
    Ok(())
}

/// Notes that the organization was compared with Stripe.
pub async fn compared(
    db: &impl ConnectionTrait,
    before: billing_sync::Model,
    current: Option<Birth>,
    seen: Option<&Subscription>,
) -> Result<(), AppError> {
    let newest = before
        .newest_subscription_id
        .zip(before.newest_subscription_created_at);
    let newest = newest.map(|(id, at)| Birth { at, id });
    let newest = newest.max(seen.map(Subscription::birth));
    let row = billing_sync::ActiveModel {
        organization_id: Set(before.organization_id),
        version: Set(before.version + 1),
        subscription_created_at: Set(current.map(|birth| birth.at)),
        newest_subscription_id: Set(newest.clone().map(|birth| birth.id)),
        newest_subscription_created_at: Set(newest.map(|birth| birth.at)),
        deleted_customer_id: Set(before.deleted_customer_id),
    };
    let known = OnConflict::column(billing_sync::Column::OrganizationId)
        .update_columns([
            billing_sync::Column::Version,
            billing_sync::Column::SubscriptionCreatedAt,
            billing_sync::Column::NewestSubscriptionId,
            billing_sync::Column::NewestSubscriptionCreatedAt,
            billing_sync::Column::DeletedCustomerId,
        ])
        .to_owned();
    billing_sync::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Notes that a subscription was paid for beside another; whether that is news.
pub async fn note_surplus(
    db: &impl ConnectionTrait,
    organization: OrgId,
    subscription: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let known = OnConflict::columns([
        surplus_subscription::Column::OrganizationId,
        surplus_subscription::Column::SubscriptionId,
    ])
    .do_nothing()
    .to_owned();
    let inserted = surplus_subscription::Entity::insert(surplus_subscription::ActiveModel {
        organization_id: Set(organization),
        subscription_id: Set(subscription.to_owned()),
        found_at: Set(now),
    })
    .on_conflict(known)
    .exec_without_returning(db)
    .await?;
    Ok(inserted > 0)
}
