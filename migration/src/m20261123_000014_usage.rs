//! What organizations use: calls of the API by month and by day, and bytes
//! that are stored, with those that uploads under way have claimed.

use sea_orm_migration::prelude::*;

use crate::{
    columns::{
        belongs_to, drop_tables, index, keyed_by_tenant, number, optional_time, text, time, uuid,
    },
    tenancy::{is_postgres, isolate},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] = ["artifact_upload", "storage", "usage_day", "usage_record"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(calls("usage_record", "period", 7))
            .await?;
        manager.create_table(calls("usage_day", "day", 10)).await?;
        manager.create_table(storage()).await?;
        manager.create_table(uploads()).await?;
        manager
            .create_index(index("artifact_upload", &["seen_at"]))
            .await?;
        if is_postgres(manager) {
            for table in TABLES {
                isolate(manager, table, "organization_id").await?;
            }
            // An upload that nobody goes on with is found whoever's it is.
            manager
                .get_connection()
                .execute_unprepared(
                    "CREATE POLICY to_be_swept ON artifact_upload FOR SELECT USING (app_proof())",
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &TABLES).await
    }
}

/// Calls, by a stretch of time that is named in text: `2026-11`, `2026-11-23`.
fn calls(table: &'static str, stretch: &'static str, longest: u32) -> TableCreateStatement {
    let mut calls = Table::create()
        .table(Alias::new(table))
        .col(uuid("organization_id"))
        .col(text(stretch, longest))
        .col(number("api_calls"))
        .primary_key(
            Index::create()
                .col(Alias::new("organization_id"))
                .col(Alias::new(stretch)),
        )
        .foreign_key(&mut belongs_to(table, "organization_id", "organization"))
        .take();
    if stretch == "period" {
        calls
            .col(optional_time("calls_warned_at"))
            .col(optional_time("calls_used_up_at"))
            .col(optional_time("storage_warned_at"))
            .col(optional_time("storage_used_up_at"));
    }
    calls
}

fn storage() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("storage"))
        .col(uuid("organization_id").primary_key())
        .col(number("bytes_stored"))
        .col(number("bytes_claimed"))
        .foreign_key(&mut belongs_to(
            "storage",
            "organization_id",
            "organization",
        ))
        .take()
}

/// Uploads under way, each with the bytes that it has claimed. One that nobody
/// has gone on with for a while was cut off by a crash.
fn uploads() -> TableCreateStatement {
    keyed_by_tenant("artifact_upload")
        .col(number("bytes"))
        .col(text("location", 255))
        .col(time("seen_at"))
        .foreign_key(&mut belongs_to(
            "artifact_upload",
            "organization_id",
            "organization",
        ))
        .take()
}
