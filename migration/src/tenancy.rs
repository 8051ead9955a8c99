//! How PostgreSQL is told which rows are whose.
//!
//! Row-level security is forced, which means that it holds for the owner of
//! the tables, too: a step that changes rows of tenants has to do so before it
//! isolates their table, or `ALTER TABLE … NO FORCE ROW LEVEL SECURITY` while
//! it works.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

pub fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}

/// Shows the rows of a table, and lets them be written, only within the
/// organization that the column names.
pub async fn isolate(manager: &SchemaManager<'_>, table: &str, column: &str) -> Result<(), DbErr> {
    run(
        manager,
        format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; \
             ALTER TABLE {table} FORCE ROW LEVEL SECURITY; \
             CREATE POLICY tenant ON {table} \
             USING ({column} = app_org()) WITH CHECK ({column} = app_org())"
        ),
    )
    .await
}

/// Takes all policies of a table away.
pub async fn drop_isolation(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    run(
        manager,
        format!(
            "DO $$ DECLARE it name; BEGIN \
             FOR it IN SELECT policyname FROM pg_policies \
                 WHERE schemaname = current_schema() AND tablename = '{table}' \
             LOOP EXECUTE format('DROP POLICY %I ON {table}', it); END LOOP; END $$; \
             ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; \
             ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        ),
    )
    .await
}

/// Makes the organization a part of the primary key: whether an id is taken is
/// nobody else's business.
pub async fn key_by_tenant(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    run(
        manager,
        format!(
            "DROP INDEX IF EXISTS uq_{table}_organization_id_id; \
             ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, \
             ADD PRIMARY KEY (organization_id, id)"
        ),
    )
    .await
}

/// Makes the id alone the primary key again, beside one that other tables may
/// point at.
pub async fn plain_key(
    manager: &SchemaManager<'_>,
    table: &str,
    is_pointed_at: bool,
) -> Result<(), DbErr> {
    if is_pointed_at {
        let key = unique_by_tenant(table);
        run(manager, key).await?;
    }
    run(
        manager,
        format!("ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (id)"),
    )
    .await
}

fn unique_by_tenant(table: &str) -> String {
    format!("CREATE UNIQUE INDEX uq_{table}_organization_id_id ON {table} (organization_id, id)")
}

/// Runs statements that read the rows of all tenants of isolated tables.
pub async fn with_all_tenants(
    manager: &SchemaManager<'_>,
    tables: &[&str],
    sql: &str,
) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return run(manager, sql.to_owned()).await;
    }
    let each = |does: &str| -> String {
        let statements = tables
            .iter()
            .map(|table| format!("ALTER TABLE {table} {does} ROW LEVEL SECURITY; "));
        statements.collect()
    };
    run(
        manager,
        format!("{}{sql}; {}", each("NO FORCE"), each("FORCE")),
    )
    .await
}

async fn run(manager: &SchemaManager<'_>, sql: String) -> Result<(), DbErr> {
    manager
        .get_connection()
        .execute_unprepared(&sql)
        .await
        .map(drop)
}
