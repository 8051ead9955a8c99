//! What the program's role on PostgreSQL may be: no more than needed, so that
//! row-level security holds for it. SQLite has no roles.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::Database;

/// All that makes a role more than the program's may be, in words. `SCHEMA` is
/// where the tables are.
const TOO_MUCH: &str = "\
    SELECT 'it is a superuser, or may become one' AS why FROM pg_roles \
        WHERE rolsuper AND pg_has_role(current_user, oid, 'MEMBER') \
    UNION SELECT 'it bypasses row-level security, or may become a role that does' FROM pg_roles \
        WHERE rolbypassrls AND NOT rolsuper AND pg_has_role(current_user, oid, 'MEMBER') \
    UNION SELECT 'it may make roles' FROM pg_roles \
        WHERE rolcreaterole AND NOT rolsuper AND pg_has_role(current_user, oid, 'MEMBER') \
    UNION SELECT format('it is a member of %s', rolname) FROM pg_roles WHERE rolname IN \
        ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_write_all_data') \
        AND pg_has_role(current_user, oid, 'MEMBER') \
    UNION SELECT 'it may replicate the database' FROM pg_roles \
        WHERE rolreplication AND NOT rolsuper AND pg_has_role(current_user, oid, 'MEMBER') \
    UNION SELECT 'it owns tables, or may become their owner' FROM pg_class \
        WHERE relnamespace = SCHEMA AND relkind IN ('r', 'p', 'v', 'm') \
        AND pg_has_role(current_user, relowner, 'MEMBER') \
    UNION SELECT 'it owns the database, or may become its owner' FROM pg_database \
        WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER') \
    UNION SELECT 'it may change the schema' WHERE has_schema_privilege(current_user, SCHEMA, 'CREATE') \
    UNION SELECT 'it may empty whole tables' FROM pg_class \
        WHERE relnamespace = SCHEMA AND relkind IN ('r', 'p') \
        AND has_table_privilege(current_user, oid, 'TRUNCATE') \
    UNION SELECT 'it may change what the audit log says' \
        WHERE has_table_privilege(current_user, to_regclass('audit_log'), 'UPDATE') \
        OR has_table_privilege(current_user, to_regclass('audit_log'), 'DELETE') \
        OR has_table_privilege(current_user, to_regclass('audit_chain'), 'DELETE') \
    ORDER BY why";

/// Tables of tenants that aren't under row-level security, and ways round it.
const UNPROTECTED: &str = "\
    SELECT format('the policy %s of the table %s lets everything through', policyname, tablename) AS why \
        FROM pg_policies WHERE schemaname = (SELECT nspname FROM pg_namespace WHERE oid = SCHEMA) \
        AND permissive = 'PERMISSIVE' AND (qual = 'true' OR with_check = 'true') \
        AND ('public' = ANY (roles) OR EXISTS (SELECT 1 FROM pg_roles \
            WHERE rolname = ANY (roles) AND pg_has_role(current_user, oid, 'MEMBER'))) \
    UNION SELECT format('the view %s shows what its owner sees', relname) FROM pg_class \
        WHERE relnamespace = SCHEMA AND relkind IN ('v', 'm') \
        AND has_table_privilege(current_user, oid, 'SELECT') \
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') \
        AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false) \
        AND NOT coalesce(reloptions @> ARRAY['security_invoker=on'], false) \
    UNION SELECT format('the table %s isn''t under row-level security', c.relname) AS why \
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid \
    WHERE c.relnamespace = SCHEMA AND c.relkind IN ('r', 'p') \
    AND (a.attname = 'organization_id' OR (c.relname = 'organization' AND a.attname = 'id')) \
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY why";

/// Tables that the role can't read.
const TOO_LITTLE: &str = "\
    SELECT format('it can''t read the table %s', relname) AS why FROM pg_class \
    WHERE relnamespace = SCHEMA AND relkind IN ('r', 'p') \
    AND NOT has_table_privilege(current_user, oid, 'SELECT') ORDER BY why";

/// The schema that the program finds its tables in, whatever it is called.
const SCHEMA: &str = "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('organization'))";

/// What is wrong with the role that the program has, and with what protects
/// tenants from it; nothing on SQLite.
///
/// # Errors
/// If the database fails.
pub async fn faults(db: &Database) -> Result<Vec<String>, DbErr> {
    if !db.is_postgres() {
        return Ok(Vec::new());
    }
    let mut faults: Vec<String> = Vec::new();
    for check in [TOO_MUCH, UNPROTECTED, TOO_LITTLE] {
        let check = check.replace("SCHEMA", SCHEMA);
        let check = Statement::from_string(DbBackend::Postgres, check);
        let db = db.unscoped("the role is the program's");
        for row in db.query_all_raw(check).await? {
            faults.push(row.try_get("", "why")?);
        }
    }
    // A superuser may do all the rest, which needs no list.
    if let Some(superuser) = faults.iter().find(|why| why.contains("a superuser")) {
        return Ok(vec![superuser.clone()]);
    }
    Ok(faults)
}

/// The SQL that makes a role which is no more than it may be.
#[must_use]
pub fn remedy(role: &str) -> String {
    let role = quoted(role);
    format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'choose one' NOSUPERUSER NOBYPASSRLS NOCREATEDB \
         NOCREATEROLE; REVOKE CREATE ON SCHEMA public FROM PUBLIC; {}",
        grants(&role)
    )
}

/// What the role needs for its work, to be granted by the owner of the tables.
/// Of the audit log it may only read and add; the history of the schema it may
/// only read.
fn grants(quoted_role: &str) -> String {
    format!(
        "GRANT USAGE ON SCHEMA public TO {quoted_role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted_role}; \
         REVOKE UPDATE, DELETE ON audit_log FROM {quoted_role}; \
         REVOKE DELETE ON audit_chain FROM {quoted_role}; \
         REVOKE INSERT, UPDATE, DELETE ON seaql_migrations FROM {quoted_role};"
    )
}

/// Gives the role what it needs, as the owner of the tables.
///
/// # Errors
/// If there is no such role, or the database refuses.
pub async fn grant(owner: &Database, role: &str) -> Result<(), DbErr> {
    let db = owner.unscoped("roles are nobody's");
    db.execute_unprepared(&grants(&quoted(role)))
        .await
        .map(drop)
}

fn quoted(role: &str) -> String {
    format!("\"{}\"", role.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_quoted() {
        assert!(remedy("a\"; DROP").contains(r#"CREATE ROLE "a""; DROP" LOGIN"#));
    }
}
