//! The audit log. It points at nothing, so that it outlives what it speaks of.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_tables, hash, id, index, json, optional_text, text, time, unique, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_log()).await?;
        manager
            .create_index(unique("audit_log", &["organization_id", "seq"]))
            .await?;
        manager
            .create_index(index("audit_log", &["organization_id", "created_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_log"]).await
    }
}

fn audit_log() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("audit_log"))
        .col(id())
        .col(uuid("organization_id"))
        .col(ColumnDef::new(Alias::new("seq")).big_integer().not_null())
        .col(text("actor_type", 16))
        .col(uuid("actor_id").null())
        .col(text("actor_name", 120))
        .col(text("action", 64))
        .col(text("entity_type", 32))
        .col(uuid("entity_id").null())
        .col(json("metadata"))
        .col(optional_text("ip", 45))
        .col(optional_text("user_agent", 255))
        .col(time("created_at"))
        .col(hash("previous_hash"))
        .col(hash("hash"))
        .take()
}
