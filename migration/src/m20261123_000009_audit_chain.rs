//! Where each organization's audit log ends: how many rows there are, and the
//! hash of the last one. Without it, nobody would miss the newest rows. Like
//! the log, it outlives the organization.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_tables, hash, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_chain()).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO audit_chain (organization_id, length, head) \
                 SELECT organization_id, seq, hash FROM audit_log AS newest WHERE seq = \
                 (SELECT max(seq) FROM audit_log WHERE organization_id = newest.organization_id)",
            )
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_chain"]).await
    }
}

fn audit_chain() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("audit_chain"))
        .col(uuid("organization_id").primary_key())
        .col(
            ColumnDef::new(Alias::new("length"))
                .big_integer()
                .not_null(),
        )
        .col(hash("head"))
        .take()
}
