//! On PostgreSQL, tenants are kept apart by the database: of the rows of
//! tenants, a transaction sees and writes those of the organization that it
//! says it is in, and no others. SQLite has no such thing; there the program
//! guards each connection.

use sea_orm_migration::prelude::*;

use crate::tenancy::{drop_isolation, is_postgres, isolate, key_by_tenant, plain_key};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What belongs to tenants, but for the organizations themselves.
const TENANT_TABLES: [&str; 7] = [
    "audit_chain",
    "audit_log",
    "invitation",
    "organization_image",
    "organization_member",
    "organization_slug",
    "project",
];

/// Those whose rows have an id of their own.
const WITH_ID: [&str; 4] = ["audit_log", "invitation", "organization_member", "project"];

/// Those that had a key of organization and id before.
const POINTED_AT: [&str; 2] = ["invitation", "project"];

/// `nullif`, because a setting that was local once reads back as an empty text.
const FUNCTIONS: &str = "
    CREATE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('app.organization_id', true), '')::uuid $$;
    CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
    CREATE FUNCTION app_bearer() RETURNS bytea LANGUAGE sql STABLE
        AS $$ SELECT decode(nullif(current_setting('app.bearer', true), ''), 'hex') $$;
    CREATE FUNCTION app_slug() RETURNS text LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('app.slug', true), '') $$;
    CREATE FUNCTION app_proof() RETURNS boolean LANGUAGE sql STABLE
        AS $$ SELECT coalesce(current_setting('app.proof', true), '') = 'on' $$;
";

/// What must be found before a tenant is known, and can't be written that way:
/// a person's memberships and their organizations, the invitation that
/// somebody has the secret of, where a slug leads, and which audit logs there
/// are to be proven.
const LOOKUPS: &str = "
    CREATE POLICY of_a_person ON organization_member FOR SELECT USING (user_id = app_user());
    CREATE POLICY of_a_person ON organization FOR SELECT USING (id IN
        (SELECT organization_id FROM organization_member WHERE user_id = app_user()));
    CREATE POLICY of_a_bearer ON invitation FOR SELECT USING (token_hash = app_bearer());
    CREATE POLICY of_a_slug ON organization_slug FOR SELECT USING (slug = app_slug());
    CREATE POLICY to_be_proven ON organization_slug FOR SELECT USING (app_proof());
    CREATE POLICY to_be_proven ON audit_chain FOR SELECT USING (app_proof());
";

/// What a foreign key deletes, row-level security doesn't see: a person who goes
/// leaves each organization first.
fn member_of_a_person(when_deleted: &str) -> String {
    format!(
        "ALTER TABLE organization_member DROP CONSTRAINT fk_organization_member_user_id; \
         ALTER TABLE organization_member ADD CONSTRAINT fk_organization_member_user_id \
         FOREIGN KEY (user_id) REFERENCES \"user\" (id) {when_deleted}"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_postgres(manager) {
            return Ok(());
        }
        let db = manager.get_connection();
        db.execute_unprepared(FUNCTIONS).await?;
        for table in WITH_ID {
            key_by_tenant(manager, table).await?;
        }
        isolate(manager, "organization", "id").await?;
        for table in TENANT_TABLES {
            isolate(manager, table, "organization_id").await?;
        }
        db.execute_unprepared(&member_of_a_person("")).await?;
        db.execute_unprepared(LOOKUPS).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_postgres(manager) {
            return Ok(());
        }
        for table in TENANT_TABLES.into_iter().chain(["organization"]) {
            drop_isolation(manager, table).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(&member_of_a_person("ON DELETE CASCADE"))
            .await?;
        for table in WITH_ID {
            plain_key(manager, table, POINTED_AT.contains(&table)).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(
                "DROP FUNCTION app_org(); DROP FUNCTION app_user(); DROP FUNCTION app_bearer(); \
                 DROP FUNCTION app_slug(); DROP FUNCTION app_proof()",
            )
            .await
            .map(drop)
    }
}
