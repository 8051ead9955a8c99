use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::OrgId;

/// What is known of an organization's subscriptions besides what stands with
/// the organization.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "billing_sync")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrgId,
    /// Grows whenever the organization was compared with Stripe.
    pub version: i64,
    /// Of the subscription that the organization has.
    pub subscription_created_at: Option<DateTime<Utc>>,
    pub newest_subscription_id: Option<String>,
    pub newest_subscription_created_at: Option<DateTime<Utc>>,
    /// The customer that it had before, which was deleted at Stripe.
    pub deleted_customer_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
