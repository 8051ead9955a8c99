//! How the schema keeps tenants apart, and with which rights the program runs.

use atrium::{program::health, server::database::role};
use sea_orm::{ConnectionTrait, Statement};

use crate::world::World;

async fn lines(w: &World, sql: &str) -> Vec<String> {
    let db = w.look();
    let sql = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(sql).await.unwrap();
    rows.iter()
        .map(|row| row.try_get::<String>("", "line").unwrap())
        .collect()
}

/// What belongs to no tenant, or is one.
const GLOBAL: &str = "('user', 'account', 'session', 'mail_token', 'known_browser', \
     'throttle', 'instance', 'outbox', 'organization', 'stripe_event', 'seaql_migrations')";

#[tokio::test]
async fn every_table_of_tenants_is_under_row_level_security() {
    let w = World::at_rest().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let none = Vec::<String>::new();
    let tables = "SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')";
    let without_tenant = format!(
        "SELECT relname::text AS line FROM ({tables}) t WHERE relname NOT IN {GLOBAL} AND NOT EXISTS \
         (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'organization_id' AND a.attnotnull)"
    );
    assert_eq!(
        lines(&w, &without_tenant).await,
        none,
        "without organization_id NOT NULL"
    );
    let unprotected = format!(
        "SELECT relname::text AS line FROM ({tables}) t \
         WHERE (relname NOT IN {GLOBAL} OR relname = 'organization') AND NOT (relrowsecurity AND relforcerowsecurity)"
    );
    assert_eq!(lines(&w, &unprotected).await, none, "not forced");
    let without_policy = format!(
        "SELECT relname::text AS line FROM ({tables}) t \
         WHERE (relname NOT IN {GLOBAL} OR relname = 'organization') AND NOT EXISTS \
         (SELECT 1 FROM pg_policies p WHERE p.tablename = t.relname AND cmd = 'ALL' \
          AND qual LIKE '%= app_org())' AND with_check = qual)"
    );
    assert_eq!(
        lines(&w, &without_policy).await,
        none,
        "without both clauses"
    );
    // Whatever else there is can only be looked at, and is all named here.
    let others = "SELECT tablename || ' ' || policyname || ' ' || cmd || ' ' || qual AS line FROM pg_policies \
         WHERE schemaname = 'public' AND policyname <> 'tenant' ORDER BY line";
    let expected = [
        "api_key of_a_bearer SELECT (hash = app_bearer())",
        "artifact_upload to_be_swept SELECT app_proof()",
        "audit_chain to_be_proven SELECT app_proof()",
        "invitation of_a_bearer SELECT (token_hash = app_bearer())",
        "organization of_a_customer SELECT ((stripe_customer_id)::text = app_customer())",
        "organization of_a_person SELECT (id IN ( SELECT organization_member.organization_id\n   FROM organization_member\n  WHERE (organization_member.user_id = app_user())))",
        "organization_member of_a_person SELECT (user_id = app_user())",
        "organization_slug of_a_slug SELECT ((slug)::text = app_slug())",
        "organization_slug to_be_proven SELECT app_proof()",
    ];
    assert_eq!(lines(&w, others).await, expected);
    let foreign_keys = format!(
        "SELECT conname::text AS line FROM pg_constraint k JOIN ({tables}) f ON f.oid = k.conrelid \
         JOIN ({tables}) t ON t.oid = k.confrelid WHERE contype = 'f' AND f.relrowsecurity AND t.relrowsecurity \
         AND NOT EXISTS (SELECT 1 FROM unnest(k.conkey) c JOIN pg_attribute a ON a.attrelid = k.conrelid \
            AND a.attnum = c WHERE a.attname = 'organization_id')"
    );
    assert_eq!(
        lines(&w, &foreign_keys).await,
        none,
        "a foreign key without the tenant"
    );
    // A slug is one organization's among all, which is what it is for.
    let unique_keys = format!(
        "SELECT i.indexrelid::regclass::text AS line FROM pg_index i JOIN ({tables}) t ON t.oid = i.indrelid \
         WHERE i.indisunique AND t.relrowsecurity AND t.relname NOT IN ('organization', 'organization_slug') \
         AND NOT EXISTS (SELECT 1 FROM unnest(i.indkey::int2[]) c JOIN pg_attribute a ON a.attrelid = i.indrelid \
            AND a.attnum = c WHERE a.attname = 'organization_id')"
    );
    assert_eq!(
        lines(&w, &unique_keys).await,
        none,
        "a unique key without the tenant"
    );
    let functions = "SELECT proname::text AS line FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef";
    assert_eq!(
        lines(&w, functions).await,
        none,
        "nothing runs as somebody else"
    );
}

#[tokio::test]
async fn every_table_of_tenants_is_guarded_on_sqlite() {
    let w = World::at_rest().await;
    if w.services.db.is_postgres() {
        return;
    }
    let db = w.services.db.unscoped("a test");
    let tables = lines(
        &w,
        "SELECT t.name AS line FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND (c.name = 'organization_id' OR t.name = 'organization') GROUP BY t.name",
    )
    .await;
    assert!(tables.len() >= 8, "{tables:?}");
    for table in tables {
        let sql = format!(
            "SELECT count(*) AS n FROM temp.sqlite_master WHERE type = 'trigger' AND name LIKE 'guard%' AND tbl_name = '{table}'"
        );
        let found = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql));
        let found: i64 = found.await.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!(found, 3, "{table}");
    }
}

#[tokio::test]
async fn the_program_runs_with_no_more_rights_than_it_needs() {
    let w = World::at_rest().await;
    if !w.services.db.is_postgres() {
        assert_eq!(
            role::faults(&w.services.db).await.unwrap(),
            Vec::<String>::new()
        );
        return;
    }
    assert_eq!(
        role::faults(&w.services.db).await.unwrap(),
        Vec::<String>::new()
    );
    for (url, why) in [(&w.urls.all, "superuser"), (&w.urls.owner, "owns tables")] {
        let config = crate::world::config(&["--database-url", url]);
        let services = crate::world::services(config).await;
        let refused = health::fit(&services).await.unwrap_err().0;
        assert!(
            refused.contains(why) && refused.contains("CREATE ROLE \"atrium_app\""),
            "{refused}"
        );
    }
}

/// The SQL of the message does what it is for, as it stands there.
#[tokio::test]
async fn the_remedy_makes_a_role_that_serves() {
    let w = World::at_rest().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let name = format!("atrium_test_{}", uuid::Uuid::now_v7().simple());
    w.look()
        .execute_unprepared(&role::remedy(&name))
        .await
        .unwrap();
    let mut url = url::Url::parse(&w.urls.all).unwrap();
    url.set_username(&name).unwrap();
    url.set_password(Some("choose one")).unwrap();
    let config = crate::world::config(&["--database-url", url.as_str()]);
    let services = crate::world::services(config).await;
    health::fit(&services).await.unwrap();
    atrium::program::seed::make(&services).await.unwrap();
    services.db.clone().close().await.unwrap();
    let drop = format!("DROP OWNED BY {name}; DROP ROLE {name}");
    w.look().execute_unprepared(&drop).await.unwrap();
}

/// Whatever would let the program's role see or undo more is noticed before
/// anything is served.
#[tokio::test]
async fn what_weakens_the_role_is_noticed() {
    let w = World::at_rest().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let db = w.look();
    for (weaken, why, mend) in [
        (
            "GRANT UPDATE ON audit_log TO atrium_test_program",
            "it may change what the audit log says",
            "REVOKE UPDATE ON audit_log FROM atrium_test_program",
        ),
        (
            "GRANT TRUNCATE ON project TO atrium_test_program",
            "it may empty whole tables",
            "REVOKE TRUNCATE ON project FROM atrium_test_program",
        ),
        (
            "CREATE POLICY oops ON project USING (true)",
            "the policy oops of the table project lets everything through",
            "DROP POLICY oops ON project",
        ),
        (
            "CREATE VIEW everything AS SELECT * FROM project; GRANT SELECT ON everything TO atrium_test_program",
            "the view everything shows what its owner sees",
            "DROP VIEW everything",
        ),
        (
            "GRANT CREATE ON SCHEMA public TO atrium_test_program",
            "it may change the schema",
            "REVOKE CREATE ON SCHEMA public FROM atrium_test_program",
        ),
    ] {
        db.execute_unprepared(weaken).await.unwrap();
        assert_eq!(
            role::faults(&w.services.db).await.unwrap(),
            [why],
            "{weaken}"
        );
        db.execute_unprepared(mend).await.unwrap();
        assert_eq!(
            role::faults(&w.services.db).await.unwrap(),
            Vec::<String>::new(),
            "{mend}"
        );
    }
}

/// A table that somebody forgot to protect, or stopped protecting, is noticed
/// before anything is served.
#[tokio::test]
async fn a_table_without_protection_is_noticed() {
    let w = World::at_rest().await;
    if !w.services.db.is_postgres() {
        return;
    }
    let off = "ALTER TABLE project NO FORCE ROW LEVEL SECURITY";
    w.look().execute_unprepared(off).await.unwrap();
    let faults = role::faults(&w.services.db).await.unwrap();
    assert_eq!(faults, ["the table project isn't under row-level security"]);
    let more = "CREATE TABLE note (organization_id uuid NOT NULL)";
    w.look().execute_unprepared(more).await.unwrap();
    let faults = role::faults(&w.services.db).await.unwrap();
    assert_eq!(faults.len(), 3, "{faults:?}");
}
