//! An effect that failed too often is kept and not tried again.

use sea_orm_migration::prelude::*;

use crate::columns::{add_column, drop_column, optional_time};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "outbox", optional_time("given_up_at")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "outbox", "given_up_at").await
    }
}
