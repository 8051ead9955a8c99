//! The schema goes forward and back, and is the same after that.

use atrium::{
    program::{health, migrate},
    server::database::Database,
};
use sea_orm::{ConnectionTrait, Statement};

use crate::world::{PASSWORD, World};

const SQLITE: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master \
     WHERE name NOT LIKE 'seaql%' AND name NOT LIKE 'sqlite%' ORDER BY line";
const POSTGRES: &str = "SELECT line FROM (
     SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
         || ' ' || coalesce(character_maximum_length::text, '') AS line
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'seaql%'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%'
     UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid <> 'seaql_migrations'::regclass
   ) lines ORDER BY line";

async fn schema(db: &Database) -> Vec<String> {
    let connection = db.unscoped("a test looks");
    let sql = if db.is_postgres() { POSTGRES } else { SQLITE };
    let rows = connection
        .query_all_raw(Statement::from_string(
            connection.get_database_backend(),
            sql,
        ))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get::<String>("", "line").unwrap())
        .collect()
}

#[tokio::test]
async fn up_down_up_leads_to_the_same_schema() {
    let w = World::new().await;
    let db = &w.services.db;
    let first = schema(db).await;
    assert!(first.len() > 20, "{first:?}");
    assert_eq!(health::readiness(db).await, Ok(0));

    migrate::down(db, None).await.unwrap();
    assert_eq!(schema(db).await, Vec::<String>::new());
    assert!(health::readiness(db).await.unwrap() > 0);

    migrate::up(db).await.unwrap();
    assert_eq!(schema(db).await, first);
}

#[tokio::test]
async fn each_step_can_be_taken_back_by_itself() {
    let w = World::new().await;
    let db = &w.services.db;
    let mut left = schema(db).await;
    while !left.is_empty() {
        migrate::down(db, Some(1)).await.unwrap();
        let now = schema(db).await;
        assert_ne!(now, left);
        left = now;
    }
}

#[tokio::test]
async fn the_newest_steps_keep_what_is_there() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let db = &w.services.db;
    migrate::down(db, Some(3)).await.unwrap();
    let connection = db.unscoped("a test looks");
    let people = connection.query_one_raw(Statement::from_string(
        connection.get_database_backend(),
        "SELECT count(*) AS people FROM \"user\"",
    ));
    let people = people.await.unwrap().unwrap();
    assert_eq!(people.try_get::<i64>("", "people").unwrap(), 1);
    migrate::up(db).await.unwrap();
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    assert_eq!(w.audit("acme").await.len(), 2);
}
