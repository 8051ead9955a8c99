//! Invitations. One that was accepted or revoked is kept for a while, so that
//! its link can say so.

use sea_orm_migration::prelude::*;

use crate::columns::{
    belongs_to, drop_tables, hash, id, index, optional_time, text, time, unique, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(invitations()).await?;
        manager
            .create_index(unique("invitation", &["organization_id", "id"]))
            .await?;
        manager
            .create_index(index("invitation", &["token_hash"]))
            .await?;
        // Of each address, at most one is pending.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX uq_invitation_pending ON invitation (organization_id, email) \
                 WHERE accepted_at IS NULL AND revoked_at IS NULL",
            )
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["invitation"]).await
    }
}

/// Whoever invited may be gone by now: the column points at nothing, and what
/// they may is looked up when the invitation is accepted.
fn invitations() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("invitation"))
        .col(id())
        .col(uuid("organization_id"))
        .col(text("email", 254))
        .col(text("role", 16))
        .col(hash("token_hash").null())
        .col(uuid("invited_by"))
        .col(time("created_at"))
        .col(time("sent_at"))
        .col(time("expires_at"))
        .col(optional_time("accepted_at"))
        .col(uuid("accepted_by").null())
        .col(optional_time("revoked_at"))
        .foreign_key(&mut belongs_to(
            "invitation",
            "organization_id",
            "organization",
        ))
        .take()
}
