//! Which tables belong to tenants, and which of them a plan limits.

use sea_orm::EntityTrait;

use crate::{
    billing::Limit,
    entity::{audit_log, organization_member, organization_slug, project},
};

/// A table whose rows belong to one organization each.
pub trait OrgOwned: EntityTrait {
    const ORGANIZATION: Self::Column;
}

/// A table of a tenant that holds no more rows than the plan allows.
pub trait Limited: OrgOwned {
    const LIMIT: Limit;
}

impl OrgOwned for project::Entity {
    const ORGANIZATION: project::Column = project::Column::OrganizationId;
}

impl Limited for project::Entity {
    const LIMIT: Limit = Limit::Projects;
}

impl OrgOwned for organization_member::Entity {
    const ORGANIZATION: organization_member::Column = organization_member::Column::OrganizationId;
}

impl OrgOwned for organization_slug::Entity {
    const ORGANIZATION: organization_slug::Column = organization_slug::Column::OrganizationId;
}

impl OrgOwned for audit_log::Entity {
    const ORGANIZATION: audit_log::Column = audit_log::Column::OrganizationId;
}
