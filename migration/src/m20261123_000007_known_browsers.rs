//! When a password was set, which is what its sessions hang on, and the
//! browsers that a person has signed in with.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, belongs_to, drop_column, drop_tables, hash, index, optional_time, time, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "user", optional_time("password_set_at")).await?;
        manager.create_table(known_browser()).await?;
        manager
            .create_index(index("known_browser", &["seen_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["known_browser"]).await?;
        drop_column(manager, "user", "password_set_at").await
    }
}

fn known_browser() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("known_browser"))
        .col(uuid("user_id"))
        .col(hash("browser_hash"))
        .col(time("seen_at"))
        .primary_key(
            Index::create()
                .col(Alias::new("user_id"))
                .col(Alias::new("browser_hash")),
        )
        .foreign_key(&mut belongs_to("known_browser", "user_id", "user"))
        .take()
}
