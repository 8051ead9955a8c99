//! The schema goes forward and back, and is the same after that.

use atrium::{
    program::{
        health,
        migrate::{self, Migrate},
    },
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
     UNION ALL SELECT tablename || ' ' || policyname || ' ' || cmd || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
       FROM pg_policies WHERE schemaname = 'public'
     UNION ALL SELECT relname || ' is under row-level security ' || relforcerowsecurity FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
     UNION ALL SELECT proname || ' ' || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
   ) lines ORDER BY line";

async fn owner_of_tables(w: &World) -> Database {
    let url = w.urls.owner.parse().unwrap();
    Database::connect_as_owner(&url).await.unwrap()
}

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
    let db = &owner_of_tables(&w).await;
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
    let db = &owner_of_tables(&w).await;
    let mut left = 0;
    while !schema(db).await.is_empty() {
        migrate::down(db, Some(1)).await.unwrap();
        left += 1;
        assert_eq!(health::readiness(db).await, Ok(left), "steps are pending");
    }
    assert!(left > 10, "{left} steps");
}

#[tokio::test]
async fn the_newest_steps_keep_what_is_there() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let db = &owner_of_tables(&w).await;
    migrate::down(db, Some(6)).await.unwrap();
    let connection = db.unscoped("a test looks");
    let people = connection.query_one_raw(Statement::from_string(
        connection.get_database_backend(),
        "SELECT count(*) AS people FROM \"user\"",
    ));
    let people = people.await.unwrap().unwrap();
    assert_eq!(people.try_get::<i64>("", "people").unwrap(), 1);
    migrate::run(&w.services.config, Migrate::Up).await.unwrap();
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    assert_eq!(w.audit("acme").await.len(), 2);
}
