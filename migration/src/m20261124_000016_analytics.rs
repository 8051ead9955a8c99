//! Analytics: how often what happened, by the minute, the hour and the day;
//! and who is there.

use sea_orm_migration::prelude::*;

use crate::{
    columns::{belongs_to, belongs_together, drop_tables, index, number, text, time, uuid},
    tenancy::{is_postgres, isolate, with_all_tenants},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["presence", "rollup"];
/// In seconds.
const GRAINS: [u32; 3] = [60, 3600, 86_400];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(rollups()).await?;
        manager.create_table(presence()).await?;
        manager
            .create_index(index("deployment", &["organization_id", "updated_at"]))
            .await?;
        count_what_was(manager).await?;
        if is_postgres(manager) {
            for table in TABLES {
                isolate(manager, table, "organization_id").await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_deployment_organization_id_updated_at")
                    .table(Alias::new("deployment"))
                    .to_owned(),
            )
            .await?;
        drop_tables(manager, &TABLES).await
    }
}

/// A stretch of time is named by the second it starts at, in Unix time.
fn rollups() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("rollup"))
        .col(uuid("organization_id"))
        .col(
            ColumnDef::new(Alias::new("grain"))
                .integer()
                .not_null()
                .take(),
        )
        .col(
            ColumnDef::new(Alias::new("starts_at"))
                .big_integer()
                .not_null()
                .take(),
        )
        .col(text("measure", 16))
        .col(text("subject", 64))
        .col(number("count"))
        .primary_key(
            Index::create()
                .col(Alias::new("organization_id"))
                .col(Alias::new("grain"))
                .col(Alias::new("starts_at"))
                .col(Alias::new("measure"))
                .col(Alias::new("subject")),
        )
        .foreign_key(&mut belongs_to("rollup", "organization_id", "organization"))
        .take()
}

fn presence() -> TableCreateStatement {
    let member = [
        ("organization_id", "organization_id"),
        ("user_id", "user_id"),
    ];
    Table::create()
        .table(Alias::new("presence"))
        .col(uuid("organization_id"))
        .col(uuid("user_id"))
        .col(time("seen_at"))
        .primary_key(
            Index::create()
                .col(Alias::new("organization_id"))
                .col(Alias::new("user_id")),
        )
        .foreign_key(&mut belongs_together(
            "presence",
            "organization_member",
            &member,
        ))
        .take()
}

/// The log outlives its organization; what is counted of it doesn't.
const OF_WHOM: &str = "organization_id IN (SELECT id FROM organization)";

async fn count_what_was(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let [second, now, project, day] = if is_postgres(manager) {
        [
            "floor(extract(epoch FROM created_at))::bigint",
            "extract(epoch FROM now())",
            "metadata->>'project'",
            "extract(epoch FROM (day || 'T00:00:00Z')::timestamptz)::bigint",
        ]
    } else {
        [
            "unixepoch(created_at)",
            "unixepoch()",
            "json_extract(metadata, '$.project')",
            "unixepoch(day)",
        ]
    };
    let into =
        "INSERT INTO rollup (organization_id, grain, starts_at, measure, subject, count) SELECT";
    let mut counts = vec![format!(
        "{into} organization_id, 86400, {day}, 'api_call', '', api_calls \
         FROM usage_day WHERE api_calls > 0"
    )];
    for grain in GRAINS {
        // Minutes are kept for two days.
        let kept = if grain == 60 { 172_800 } else { i64::MAX / 2 };
        let whose = format!("{OF_WHOM} AND {now} - {second} < {kept}");
        let start = format!("{second} / {grain} * {grain}");
        counts.push(format!(
            "{into} organization_id, {grain}, {start}, 'event', action, count(*) \
             FROM audit_log WHERE {whose} GROUP BY 1, 3, 5"
        ));
        counts.push(format!(
            "{into} organization_id, {grain}, {start}, 'deployment', {project}, count(*) \
             FROM audit_log WHERE {whose} AND action = 'deployment.created' GROUP BY 1, 3, 5"
        ));
    }
    let read = ["audit_log", "organization", "usage_day"];
    with_all_tenants(manager, &read, &counts.join("; ")).await
}
