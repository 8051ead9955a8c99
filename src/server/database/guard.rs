//! The second line of defence on SQLite: on each connection, temporary
//! triggers compare the organization of every row that is written with the one
//! that the transaction has entered. A statement that forgot its `WHERE`, or
//! names another tenant's row, fails as a whole. What is read isn't guarded.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement,
    sqlx::{self, AssertSqlSafe, Row, SqliteConnection},
};

use crate::id::OrgId;

/// One row, which holds the organization that was entered, or nothing.
const ENTERED: &str = "CREATE TEMP TABLE tenant_entered (organization_id BLOB); \
     INSERT INTO temp.tenant_entered VALUES (NULL)";

/// The tables of tenants, each with the column that says whose a row is.
const TENANT_TABLES: &str = "SELECT t.name, c.name FROM main.sqlite_master AS t \
     JOIN pragma_table_info(t.name) AS c \
     WHERE t.type = 'table' AND (c.name = 'organization_id' \
         OR (t.name = 'organization' AND c.name = 'id'))";

/// What must not be done to a table, whoever's the rows are: the audit log is
/// only ever added to, and where it ends isn't forgotten.
const NEVER: [(&str, &str); 3] = [
    ("audit_log", "UPDATE"),
    ("audit_log", "DELETE"),
    ("audit_chain", "DELETE"),
];

/// Guards a connection. Its schema must be up to date.
pub(super) async fn install(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    run(connection, ENTERED.to_owned()).await?;
    let tables = sqlx::query(TENANT_TABLES)
        .fetch_all(&mut *connection)
        .await?;
    for row in tables {
        let (table, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        run(connection, triggers(&table, &column)).await?;
        for (of, what) in NEVER.iter().filter(|(of, _)| *of == table) {
            run(connection, refusal(of, what)).await?;
        }
    }
    Ok(())
}

async fn run(connection: &mut SqliteConnection, sql: String) -> Result<(), sqlx::Error> {
    // Of names that are in the schema already.
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}

fn triggers(table: &str, column: &str) -> String {
    let is_foreign = |row: &str| {
        format!("{row}.{column} IS NOT (SELECT organization_id FROM temp.tenant_entered)")
    };
    [
        ("INSERT", is_foreign("NEW")),
        (
            "UPDATE",
            format!("{} OR {}", is_foreign("OLD"), is_foreign("NEW")),
        ),
        ("DELETE", is_foreign("OLD")),
    ]
    .iter()
    .map(|(what, when)| {
        format!(
            "CREATE TEMP TRIGGER guard_{table}_{what} BEFORE {what} ON main.\"{table}\" \
             WHEN {when} BEGIN SELECT RAISE(ABORT, 'a row of another tenant'); END;"
        )
    })
    .collect()
}

fn refusal(table: &str, what: &str) -> String {
    format!(
        "CREATE TEMP TRIGGER keep_{table}_{what} BEFORE {what} ON main.\"{table}\" \
         BEGIN SELECT RAISE(ABORT, 'what was noted stays'); END;"
    )
}

/// Has the transaction write rows of that tenant only; of none without one.
pub(super) async fn enter(
    tx: &DatabaseTransaction,
    organization: Option<OrgId>,
) -> Result<(), DbErr> {
    let enter = Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "UPDATE temp.tenant_entered SET organization_id = ?",
        [organization.map(|id| id.0).into()],
    );
    tx.execute_raw(enter).await.map(drop)
}
