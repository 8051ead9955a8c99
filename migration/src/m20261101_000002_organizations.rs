//! Tenants: organizations, the slugs they have or had, and their members.

use sea_orm_migration::prelude::*;

use crate::columns::{
    belongs_to, drop_tables, id, index, optional_text, optional_time, text, time, unique, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(organizations()).await?;
        for key in ["slug", "stripe_customer_id", "stripe_subscription_id"] {
            manager.create_index(unique("organization", &[key])).await?;
        }
        manager.create_table(slugs()).await?;
        manager
            .create_index(index("organization_slug", &["organization_id"]))
            .await?;
        manager.create_table(members()).await?;
        manager
            .create_index(unique(
                "organization_member",
                &["organization_id", "user_id"],
            ))
            .await?;
        manager
            .create_index(index("organization_member", &["user_id"]))
            .await?;
        manager.create_table(images()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "organization_image",
                "organization_member",
                "organization_slug",
                "organization",
            ],
        )
        .await
    }
}

fn organizations() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("organization"))
        .col(id())
        .col(text("name", 80))
        .col(text("slug", 40))
        .col(optional_text("image", 64))
        .col(text("plan", 16))
        .col(text("subscription_status", 24))
        .col(optional_text("stripe_customer_id", 255))
        .col(optional_text("stripe_subscription_id", 255))
        .col(optional_text("stripe_price_id", 255))
        .col(optional_time("current_period_start"))
        .col(optional_time("current_period_end"))
        .col(
            ColumnDef::new(Alias::new("cancel_at_period_end"))
                .boolean()
                .not_null()
                .default(false),
        )
        .col(optional_time("checklist_dismissed_at"))
        .col(time("created_at"))
        .col(time("updated_at"))
        .take()
}

/// Every slug that is or was an organization's: what leads somewhere can't be
/// taken by another.
fn slugs() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("organization_slug"))
        .col(text("slug", 40).primary_key())
        .col(uuid("organization_id"))
        .col(time("claimed_at"))
        .foreign_key(&mut belongs_to(
            "organization_slug",
            "organization_id",
            "organization",
        ))
        .take()
}

fn members() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("organization_member"))
        .col(id())
        .col(uuid("organization_id"))
        .col(uuid("user_id"))
        .col(text("role", 16))
        .col(time("joined_at"))
        .foreign_key(&mut belongs_to(
            "organization_member",
            "organization_id",
            "organization",
        ))
        .foreign_key(&mut belongs_to("organization_member", "user_id", "user"))
        .take()
}

fn images() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("organization_image"))
        .col(uuid("organization_id").primary_key())
        .col(text("content_type", 32))
        .col(ColumnDef::new(Alias::new("bytes")).blob().not_null())
        .foreign_key(&mut belongs_to(
            "organization_image",
            "organization_id",
            "organization",
        ))
        .take()
}
