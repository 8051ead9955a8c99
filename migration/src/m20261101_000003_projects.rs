//! Projects. The key of organization and id is what tables below a project
//! point at, so that a row can't belong to two tenants.

use sea_orm_migration::prelude::*;

use crate::columns::{belongs_to, drop_tables, id, text, time, unique, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(projects()).await?;
        manager
            .create_index(unique("project", &["organization_id", "id"]))
            .await?;
        manager
            .create_index(unique("project", &["organization_id", "name"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["project"]).await
    }
}

fn projects() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("project"))
        .col(id())
        .col(uuid("organization_id"))
        .col(text("name", 64))
        .col(text("name_folded", 192))
        .col(text("description", 500))
        .col(time("created_at"))
        .col(time("updated_at"))
        .foreign_key(&mut belongs_to(
            "project",
            "organization_id",
            "organization",
        ))
        .take()
}
