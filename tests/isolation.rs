//! What the database itself says no to, whatever the code forgot.

use std::time::Duration;

use atrium::{
    entity::{audit_log, project},
    id::{OrgId, ProjectId},
    server::database::{Database, Scope},
};
use chrono::Utc;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, Statement, sea_query::Expr,
};

use tokio::task::{JoinError, JoinSet};

use crate::world::World;

/// Two organizations, each with a project that bears its name.
async fn two(w: &World) -> [OrgId; 2] {
    let mut ids = Vec::new();
    for slug in ["acme", "other"] {
        w.owner_of(slug).await;
        let id = w.organization(slug).await.id;
        let tx = w.db.write("a test makes projects").await.unwrap();
        insert(&*tx, id, slug).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(id);
    }
    [ids[0], ids[1]]
}

async fn insert(db: &impl ConnectionTrait, of: OrgId, name: &str) -> Result<(), DbErr> {
    let now = Utc::now();
    project::Entity::insert(project::ActiveModel {
        id: Set(ProjectId::generate()),
        organization_id: Set(of),
        name: Set(name.to_owned()),
        name_folded: Set(name.to_owned()),
        description: Set(String::new()),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(db)
    .await
    .map(drop)
}

async fn names(w: &World) -> Vec<String> {
    let mut names: Vec<_> = project::Entity::find()
        .all(w.look())
        .await
        .unwrap()
        .into_iter()
        .map(|project| project.name)
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_foreign_row_is_not_written() {
    let w = World::new().await;
    let [own, foreign] = two(&w).await;
    let begin = async || {
        let tx = w.services.db.write("a test").await.unwrap();
        tx.enter(Scope::Tenant(own)).await.unwrap();
        tx
    };
    let tx = begin().await;
    assert!(insert(&*tx, foreign, "smuggled").await.is_err());
    drop(tx);

    // Without a tenant nothing of any is written.
    let tx = w.services.db.write("a test").await.unwrap();
    assert!(insert(&*tx, own, "of nobody").await.is_err());
    drop(tx);
    let pool = w.services.db.unscoped("a test");
    assert!(insert(pool, own, "of nobody").await.is_err());

    // Rows that are named, or forgotten to be left out: refused as a whole on
    // SQLite, not seen on PostgreSQL.
    let rename = |to: &str| {
        let to = to.to_owned();
        project::Entity::update_many().col_expr(project::Column::Name, Expr::value(to))
    };
    let of_foreign = project::Column::OrganizationId.eq(foreign);
    for update in [rename("taken").filter(of_foreign.clone()), rename("taken")] {
        let tx = begin().await;
        let updated = update.exec(&*tx).await;
        if let Ok(updated) = updated {
            assert!(w.services.db.is_postgres() && updated.rows_affected <= 1);
        }
        drop(tx);
    }
    for deletion in [
        project::Entity::delete_many().filter(of_foreign),
        project::Entity::delete_many(),
    ] {
        let tx = begin().await;
        if deletion.exec(&*tx).await.is_ok() {
            assert!(w.services.db.is_postgres());
        }
        tx.commit().await.unwrap();
    }
    let left = if w.services.db.is_postgres() {
        vec!["other"]
    } else {
        vec!["acme", "other"]
    };
    assert_eq!(names(&w).await, left, "nobody else's row was touched");

    // Nor is one pushed out by another of the same id.
    let theirs = project::Entity::find()
        .filter(project::Column::OrganizationId.eq(foreign))
        .one(w.look())
        .await
        .unwrap()
        .unwrap();
    if !w.services.db.is_postgres() {
        let tx = begin().await;
        let push = Statement::from_sql_and_values(
            tx.get_database_backend(),
            "REPLACE INTO project SELECT id, ?, name || '!', name_folded, description, created_at, updated_at \
             FROM project WHERE id = ?",
            [own.0.into(), theirs.id.0.into()],
        );
        assert!(tx.execute_raw(push).await.is_err());
    }
    assert_eq!(names(&w).await, left);

    // A row isn't given away either.
    let tx = begin().await;
    insert(&*tx, own, "own").await.unwrap();
    let given = project::Entity::update_many()
        .col_expr(project::Column::OrganizationId, Expr::value(foreign))
        .filter(project::Column::Name.eq("own"))
        .exec(&*tx)
        .await;
    assert!(given.is_err());
}

#[tokio::test]
async fn the_audit_log_is_only_added_to() {
    let w = World::new().await;
    let [own, _] = two(&w).await;
    let before = audit_log::Entity::find().count(w.look()).await.unwrap();
    for statement in [
        "UPDATE audit_log SET actor_name = 'nobody'",
        "DELETE FROM audit_log",
    ] {
        let tx = w.services.db.write("a test").await.unwrap();
        tx.enter(Scope::Tenant(own)).await.unwrap();
        assert!(
            tx.execute_unprepared(statement).await.is_err(),
            "{statement}"
        );
    }
    let after = audit_log::Entity::find().count(w.look()).await.unwrap();
    assert_eq!((before, after), (2, 2));
}

/// One connection, used by two tenants in turn, with whatever can go wrong in
/// between: nothing of the one is left for the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_forgets_whose_it_was() {
    const TRANSACTIONS: usize = 10_000;
    let w = World::with(&["--database-connections", "1"]).await;
    let ids = two(&w).await;
    let names = ["acme", "other"];
    let mut under_way = JoinSet::new();
    let mut panics = 0;
    let mut note = |ended: Result<(), JoinError>| {
        if let Err(error) = ended {
            let why = error.into_panic();
            assert_eq!(why.downcast_ref(), Some(&MEANT), "another panic");
            panics += 1;
        }
    };
    quietly();
    for number in 0..TRANSACTIONS {
        let (db, id, name) = (w.services.db.clone(), ids[number % 2], names[number % 2]);
        under_way.spawn(async move {
            let used = use_once(&db, id, name, number);
            // Some are given up in the middle, wherever that is.
            if number % 7 == 3 {
                let soon = Duration::from_micros((number % 11) as u64 * 60);
                let _given_up = tokio::time::timeout(soon, used).await;
            } else {
                used.await;
            }
        });
        if under_way.len() >= 6 {
            note(under_way.join_next().await.unwrap());
        }
    }
    while let Some(ended) = under_way.join_next().await {
        note(ended);
    }
    assert!(panics > TRANSACTIONS / 20, "{panics}");
    if w.services.db.is_postgres() {
        let db = w.services.db.unscoped("a test");
        assert_eq!(
            project::Entity::find().count(db).await.unwrap(),
            0,
            "no tenant, no row"
        );
    }
    let pool = w.services.db.unscoped("a test");
    assert!(insert(pool, ids[0], "late").await.is_err());
}

/// What a test panics with on purpose.
const MEANT: &str = "on purpose";

/// Says nothing of panics that are meant.
fn quietly() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref() != Some(&MEANT) {
            usual(panic);
        }
    }));
}

async fn use_once(db: &Database, id: OrgId, name: &str, number: usize) {
    if number.is_multiple_of(5) {
        // Whatever the one before left behind, nobody gets it.
        let nobody = db.unscoped("a test");
        assert!(insert(nobody, id, "of nobody").await.is_err());
        if db.is_postgres() {
            let seen = project::Entity::find().count(nobody).await.unwrap();
            assert_eq!(seen, 0);
        }
    }
    if number.is_multiple_of(3) {
        let tx = db.write("a test").await.unwrap();
        tx.enter(Scope::Tenant(id)).await.unwrap();
        let renamed = project::Entity::update_many()
            .col_expr(
                project::Column::Description,
                Expr::value(number.to_string()),
            )
            .filter(project::Column::OrganizationId.eq(id))
            .exec(&*tx)
            .await
            .unwrap();
        assert_eq!(renamed.rows_affected, 1);
        if number.is_multiple_of(13) {
            std::panic::panic_any(MEANT);
        }
        if number.is_multiple_of(2) {
            tx.commit().await.unwrap();
        }
        return;
    }
    let tx = db.read(Scope::Tenant(id)).await.unwrap();
    let find = if db.is_postgres() {
        // As if the filter had been forgotten.
        project::Entity::find()
    } else {
        project::Entity::find().filter(project::Column::OrganizationId.eq(id))
    };
    let seen = find.all(&tx).await.unwrap();
    let seen: Vec<_> = seen.iter().map(|project| project.name.as_str()).collect();
    assert_eq!(seen, [name]);
    if number.is_multiple_of(13) {
        std::panic::panic_any(MEANT);
    }
}

#[tokio::test]
async fn without_a_tenant_there_is_no_row() {
    let w = World::new().await;
    let [own, foreign] = two(&w).await;
    if !w.services.db.is_postgres() {
        return;
    }
    let nobody = w.services.db.unscoped("a test");
    for table in [
        "project",
        "organization",
        "organization_member",
        "invitation",
        "audit_log",
        "organization_image",
        "organization_slug",
        "audit_chain",
        "environment",
        "deployment",
        "api_key",
        "idempotent_answer",
        "usage_record",
        "usage_day",
        "storage",
        "artifact_upload",
        "rollup",
        "presence",
    ] {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let found =
            nobody.query_one_raw(Statement::from_string(nobody.get_database_backend(), sql));
        let found: i64 = found.await.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!(found, 0, "{table}");
    }
    // What is found by a person can be looked at, and no more.
    let tx = w.services.db.write("a test").await.unwrap();
    let person = w.user("owner@acme.test").await;
    tx.enter(Scope::Person(person)).await.unwrap();
    use atrium::entity::organization_member;
    let mine = organization_member::Entity::find().all(&*tx).await.unwrap();
    assert_eq!(
        mine.iter()
            .map(|member| member.organization_id)
            .collect::<Vec<_>>(),
        [own]
    );
    let promoted = organization_member::Entity::update_many()
        .col_expr(
            organization_member::Column::OrganizationId,
            Expr::value(foreign),
        )
        .exec(&*tx)
        .await
        .unwrap();
    assert_eq!(promoted.rows_affected, 0);
    let gone = organization_member::Entity::delete_many()
        .exec(&*tx)
        .await
        .unwrap();
    assert_eq!(gone.rows_affected, 0);
    // And reading never writes.
    let reading = w.services.db.read(Scope::Tenant(own)).await.unwrap();
    assert!(
        insert(&reading, own, "written while reading")
            .await
            .is_err()
    );
}

/// The program itself makes do with one connection: nothing that it does needs
/// a second while it holds the first.
#[tokio::test]
async fn one_connection_is_enough() {
    let w = World::with(&["--database-connections", "1"]).await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", atrium::billing::Plan::Starter).await;
    for path in [
        "/app",
        "/app/acme",
        "/app/acme/projects",
        "/app/acme/activity",
        "/app/acme/settings/members",
        "/app/acme/settings/danger",
        "/api/app/acme/audit.csv",
        "/account",
    ] {
        let page = owner.get(path).await;
        assert!(page.status.as_u16() < 400, "{path}: {}", page.status);
    }
}
