//! The history of the schema: one file per step, each with a way back, for
//! SQLite and PostgreSQL alike.

pub use sea_orm_migration::prelude::*;

mod columns;
mod m20261101_000001_identity;
mod m20261101_000002_organizations;
mod m20261101_000003_projects;
mod m20261101_000004_audit;
mod m20261101_000005_outbox;
mod m20261123_000006_outbox_ends;
mod m20261123_000007_known_browsers;
mod m20261123_000008_throttle_leaks;
mod m20261123_000009_audit_chain;
mod m20261123_000010_invitations;
mod m20261123_000011_row_level_security;
mod m20261123_000012_environments;
mod m20261123_000013_api_keys;
mod m20261123_000014_usage;
mod m20261124_000015_billing;
mod m20261124_000016_analytics;
mod tenancy;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_identity::Migration),
            Box::new(m20261101_000002_organizations::Migration),
            Box::new(m20261101_000003_projects::Migration),
            Box::new(m20261101_000004_audit::Migration),
            Box::new(m20261101_000005_outbox::Migration),
            Box::new(m20261123_000006_outbox_ends::Migration),
            Box::new(m20261123_000007_known_browsers::Migration),
            Box::new(m20261123_000008_throttle_leaks::Migration),
            Box::new(m20261123_000009_audit_chain::Migration),
            Box::new(m20261123_000010_invitations::Migration),
            Box::new(m20261123_000011_row_level_security::Migration),
            Box::new(m20261123_000012_environments::Migration),
            Box::new(m20261123_000013_api_keys::Migration),
            Box::new(m20261123_000014_usage::Migration),
            Box::new(m20261124_000015_billing::Migration),
            Box::new(m20261124_000016_analytics::Migration),
        ]
    }
}
