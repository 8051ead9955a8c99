//! Billing: what Stripe told us, and what is known of subscriptions besides
//! what stands with the organization.

use sea_orm_migration::prelude::*;

use crate::{
    columns::{
        belongs_to, drop_tables, index, number, optional_text, optional_time, text, time, uuid,
    },
    tenancy::{is_postgres, isolate},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["surplus_subscription", "billing_sync", "stripe_event"];

/// Whose a customer of Stripe's is, for whoever knows its name there.
const OF_A_CUSTOMER: &str = "
    CREATE FUNCTION app_customer() RETURNS text LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('app.customer', true), '') $$;
    CREATE POLICY of_a_customer ON organization FOR SELECT
        USING (stripe_customer_id = app_customer());
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(events()).await?;
        manager
            .create_index(index("stripe_event", &["state", "available_at"]))
            .await?;
        manager
            .create_index(index("stripe_event", &["subject", "state"]))
            .await?;
        manager.create_table(sync()).await?;
        manager.create_table(surplus()).await?;
        if is_postgres(manager) {
            for table in ["billing_sync", "surplus_subscription"] {
                isolate(manager, table, "organization_id").await?;
            }
            let db = manager.get_connection();
            db.execute_unprepared(OF_A_CUSTOMER).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_postgres(manager) {
            manager
                .get_connection()
                .execute_unprepared(
                    "DROP POLICY of_a_customer ON organization; DROP FUNCTION app_customer()",
                )
                .await?;
        }
        drop_tables(manager, &TABLES).await
    }
}

/// Every event whose signature held, as it came.
fn events() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("stripe_event"))
        .col(text("id", 255).primary_key())
        .col(text("kind", 255))
        .col(optional_text("subject", 255))
        .col(
            ColumnDef::new(Alias::new("payload"))
                .text()
                .not_null()
                .take(),
        )
        .col(text("state", 16))
        .col(number("attempts"))
        .col(optional_text("note", 500))
        .col(
            ColumnDef::new(Alias::new("is_alert"))
                .boolean()
                .not_null()
                .default(false)
                .take(),
        )
        .col(time("created_at"))
        .col(time("received_at"))
        .col(time("available_at"))
        .col(optional_time("settled_at"))
        .take()
}

/// How often an organization was compared with Stripe, and what else must be
/// known for the next time.
fn sync() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("billing_sync"))
        .col(uuid("organization_id").primary_key())
        .col(number("version"))
        .col(optional_time("subscription_created_at"))
        .col(optional_text("newest_subscription_id", 255))
        .col(optional_time("newest_subscription_created_at"))
        .col(optional_text("deleted_customer_id", 255))
        .foreign_key(&mut belongs_to(
            "billing_sync",
            "organization_id",
            "organization",
        ))
        .take()
}

/// Subscriptions that were paid for beside another.
fn surplus() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("surplus_subscription"))
        .col(uuid("organization_id"))
        .col(text("subscription_id", 255))
        .col(time("found_at"))
        .primary_key(
            Index::create()
                .col(Alias::new("organization_id"))
                .col(Alias::new("subscription_id")),
        )
        .foreign_key(&mut belongs_to(
            "surplus_subscription",
            "organization_id",
            "organization",
        ))
        .take()
}
