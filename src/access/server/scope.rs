//! Which tables belong to tenants, and which of them a plan limits.

use sea_orm::EntityTrait;

use crate::{
    billing::Limit,
    entity::{
        api_key, artifact_upload, audit_chain, audit_log, billing_sync, deployment, environment,
        idempotent_answer, invitation, organization_image, organization_member, organization_slug,
        presence, project, rollup, storage, surplus_subscription, usage_day, usage_record,
    },
};

/// A table whose rows belong to one organization each.
pub trait OrgOwned: EntityTrait {
    const ORGANIZATION: Self::Column;
}

/// A table of a tenant that holds no more rows than the plan allows.
pub trait Limited: OrgOwned {
    const LIMIT: Limit;
}

macro_rules! owned {
    ($($table:ident)+) => {$(
        impl OrgOwned for $table::Entity {
            const ORGANIZATION: $table::Column = $table::Column::OrganizationId;
        }
    )+};
}

owned! {
    api_key artifact_upload audit_chain audit_log billing_sync deployment environment idempotent_answer
    invitation organization_image organization_member organization_slug presence project rollup storage
    surplus_subscription usage_day usage_record
}

impl Limited for project::Entity {
    const LIMIT: Limit = Limit::Projects;
}
