//! People: their accounts, sessions and the tokens they get by mail.

use sea_orm_migration::prelude::*;

use crate::columns::{
    belongs_to, drop_tables, hash, id, index, json, optional_text, optional_time, text, time,
    unique, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(users()).await?;
        manager.create_index(unique("user", &["email"])).await?;
        manager.create_table(accounts()).await?;
        manager
            .create_index(unique("account", &["provider", "provider_account_id"]))
            .await?;
        manager.create_index(index("account", &["user_id"])).await?;
        manager.create_table(sessions()).await?;
        manager
            .create_index(unique("session", &["id_hash"]))
            .await?;
        manager.create_index(index("session", &["user_id"])).await?;
        manager
            .create_index(index("session", &["expires_at"]))
            .await?;
        manager.create_table(mail_tokens()).await?;
        manager
            .create_index(unique("mail_token", &["hash"]))
            .await?;
        manager
            .create_index(index("mail_token", &["user_id"]))
            .await?;
        manager.create_table(throttles()).await?;
        manager.create_table(instance()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "instance",
                "throttle",
                "mail_token",
                "session",
                "account",
                "user",
            ],
        )
        .await
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("user"))
        .col(id())
        .col(text("email", 254))
        .col(text("name", 80))
        .col(optional_text("image", 255))
        .col(optional_text("password_hash", 255))
        .col(optional_time("email_verified_at"))
        .col(time("created_at"))
        .col(time("updated_at"))
        .take()
}

fn accounts() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("account"))
        .col(id())
        .col(uuid("user_id"))
        .col(text("type", 16))
        .col(text("provider", 64))
        .col(text("provider_account_id", 255))
        .col(time("created_at"))
        .foreign_key(&mut belongs_to("account", "user_id", "user"))
        .take()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("session"))
        .col(id())
        .col(hash("id_hash"))
        .col(uuid("user_id").null())
        .col(json("data"))
        .col(text("ip", 45))
        .col(text("user_agent", 255))
        .col(time("created_at"))
        .col(time("last_seen_at"))
        .col(time("expires_at"))
        .foreign_key(&mut belongs_to("session", "user_id", "user"))
        .take()
}

fn mail_tokens() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("mail_token"))
        .col(id())
        .col(uuid("user_id"))
        .col(text("purpose", 32))
        .col(optional_text("new_email", 254))
        .col(optional_text("name", 80))
        .col(optional_text("password_hash", 255))
        .col(hash("browser_hash").null())
        .col(hash("hash"))
        .col(time("created_at"))
        .col(time("expires_at"))
        .foreign_key(&mut belongs_to("mail_token", "user_id", "user"))
        .take()
}

pub(crate) fn throttles() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("throttle"))
        .col(hash("key").primary_key())
        .col(ColumnDef::new(Alias::new("tries")).big_integer().not_null())
        .col(
            ColumnDef::new(Alias::new("under_way"))
                .big_integer()
                .not_null(),
        )
        .col(time("last_try_at"))
        .col(time("blocked_until"))
        .take()
}

/// What this installation knows of itself, one value a key.
fn instance() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("instance"))
        .col(text("key", 64).primary_key())
        .col(text("value", 255))
        .take()
}
