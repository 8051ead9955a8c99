//! Environments of projects, and what was deployed to them. The key of
//! organization, project and environment is what a deployment points at, so
//! that it can't belong to one project and run in another's environment.

use sea_orm_migration::prelude::*;

use crate::{
    columns::{
        belongs_together, drop_tables, index, keyed_by_tenant, number, optional_hash,
        optional_text, optional_time, text, time, unique, uuid,
    },
    tenancy::{is_postgres, isolate, with_all_tenants},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Projects that were there before get the environment that new ones begin
/// with. Its id has another prefix in text: it may be the project's own.
const PRODUCTION: &str = "INSERT INTO environment \
     (id, organization_id, project_id, name, created_at, updated_at) \
     SELECT id, organization_id, id, 'production', created_at, created_at FROM project";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(environments()).await?;
        for key in [["project_id", "id"], ["project_id", "name"]] {
            let columns = ["organization_id", key[0], key[1]];
            manager
                .create_index(unique("environment", &columns))
                .await?;
        }
        with_all_tenants(manager, &["project"], PRODUCTION).await?;
        manager.create_table(deployments()).await?;
        for columns in [
            &["organization_id", "project_id", "id"][..],
            &["organization_id", "environment_id", "id"],
        ] {
            manager.create_index(index("deployment", columns)).await?;
        }
        if is_postgres(manager) {
            isolate(manager, "environment", "organization_id").await?;
            isolate(manager, "deployment", "organization_id").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["deployment", "environment"]).await
    }
}

fn environments() -> TableCreateStatement {
    keyed_by_tenant("environment")
        .col(uuid("project_id"))
        .col(text("name", 64))
        .col(time("created_at"))
        .col(time("updated_at"))
        .foreign_key(&mut belongs_together(
            "environment",
            "project",
            &[("organization_id", "organization_id"), ("project_id", "id")],
        ))
        .take()
}

fn deployments() -> TableCreateStatement {
    keyed_by_tenant("deployment")
        .col(uuid("project_id"))
        .col(uuid("environment_id"))
        .col(text("status", 16))
        .col(optional_text("commit_sha", 64))
        .col(optional_text("git_ref", 255))
        .col(optional_text("message", 1000))
        .col(optional_text("url", 2000))
        .col(text("search_text", 1400))
        .col(text("creator_type", 16))
        .col(uuid("creator_id"))
        .col(text("creator_name", 120))
        .col(time("created_at"))
        .col(time("updated_at"))
        .col(optional_time("started_at"))
        .col(optional_time("finished_at"))
        .col(optional_text("artifact_name", 255))
        .col(optional_text("artifact_type", 127))
        .col(number("artifact_bytes"))
        .col(optional_hash("artifact_sha256"))
        .col(optional_text("artifact_location", 255))
        .foreign_key(&mut belongs_together(
            "deployment",
            "environment",
            &[
                ("organization_id", "organization_id"),
                ("project_id", "project_id"),
                ("environment_id", "id"),
            ],
        ))
        .take()
}
