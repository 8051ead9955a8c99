//! Tries are forgotten one by one as time goes on, and all of them are paid
//! for beforehand. What was counted before is forgotten at once.

use sea_orm_migration::prelude::*;

use crate::{
    columns::{drop_tables, hash, time},
    m20261101_000001_identity::throttles,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["throttle"]).await?;
        manager.create_table(leaking_throttles()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["throttle"]).await?;
        manager.create_table(throttles()).await
    }
}

fn leaking_throttles() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("throttle"))
        .col(hash("key").primary_key())
        .col(time("empty_at"))
        .col(time("blocked_until"))
        .take()
}
