//! Effects that must happen after a commit, written in the commit itself.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_tables, id, index, json, optional_text, time};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(outbox()).await?;
        manager
            .create_index(index("outbox", &["available_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["outbox"]).await
    }
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("outbox"))
        .col(id())
        .col(json("effect"))
        .col(ColumnDef::new(Alias::new("attempts")).integer().not_null())
        .col(time("created_at"))
        .col(time("available_at"))
        .col(optional_text("last_error", 500))
        .take()
}
