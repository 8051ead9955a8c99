//! Keys of the public API, and the answers that a repeated request is given
//! again.

use sea_orm_migration::prelude::*;

use crate::{
    columns::{
        belongs_to, drop_tables, hash, index, keyed_by_tenant, optional_time, text, time, uuid,
    },
    tenancy::{is_postgres, isolate},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A key is known before its tenant is.
const LOOKUP: &str = "CREATE POLICY of_a_bearer ON api_key FOR SELECT USING (hash = app_bearer())";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(api_keys()).await?;
        manager.create_index(index("api_key", &["hash"])).await?;
        manager.create_table(answers()).await?;
        manager
            .create_index(index(
                "idempotent_answer",
                &["organization_id", "expires_at"],
            ))
            .await?;
        if is_postgres(manager) {
            isolate(manager, "api_key", "organization_id").await?;
            isolate(manager, "idempotent_answer", "organization_id").await?;
            manager.get_connection().execute_unprepared(LOOKUP).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotent_answer", "api_key"]).await
    }
}

/// Whoever made a key may be gone by now: the column points at nothing, and
/// what they may is looked up when the key is used.
fn api_keys() -> TableCreateStatement {
    keyed_by_tenant("api_key")
        .col(text("name", 64))
        .col(text("prefix", 16))
        .col(text("last_four", 4))
        .col(hash("hash"))
        .col(text("scopes", 64))
        .col(uuid("created_by"))
        .col(time("created_at"))
        .col(optional_time("expires_at"))
        .col(optional_time("last_used_at"))
        .col(optional_time("replaced_at"))
        .col(optional_time("revoked_at"))
        .foreign_key(&mut belongs_to(
            "api_key",
            "organization_id",
            "organization",
        ))
        .take()
}

fn answers() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("idempotent_answer"))
        .col(uuid("organization_id"))
        .col(hash("key_hash"))
        .col(hash("request_hash"))
        .col(ColumnDef::new(Alias::new("status")).integer().not_null())
        .col(ColumnDef::new(Alias::new("body")).text().not_null())
        .col(time("expires_at"))
        .primary_key(
            Index::create()
                .col(Alias::new("organization_id"))
                .col(Alias::new("key_hash")),
        )
        .foreign_key(&mut belongs_to(
            "idempotent_answer",
            "organization_id",
            "organization",
        ))
        .take()
}
