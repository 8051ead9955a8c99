//! The chain of the audit log: whatever is done to it shows.

use atrium::{
    audit::server::Fault,
    billing::{Plan, SubscriptionStatus},
    identity::api::SignIn,
    organizations::{
        api::{CreateOrganization, DeleteOrganization},
        model::NewOrganization,
    },
};
use sea_orm::ConnectionTrait;

use crate::world::{PASSWORD, World, acme};

/// Each way to tamper with a log, and the first row that betrays it.
#[tokio::test]
async fn whatever_is_done_to_a_log_is_found() {
    for (tampering, fault) in [
        (
            "UPDATE audit_log SET actor_name = 'Eve' WHERE seq = 3",
            Fault::Changed(3),
        ),
        (
            "UPDATE audit_log SET created_at = (SELECT created_at FROM audit_log WHERE seq = 1) WHERE seq = 4",
            Fault::Changed(4),
        ),
        (
            "UPDATE audit_log SET ip = '6.6.6.6' WHERE seq = 2",
            Fault::Changed(2),
        ),
        ("DELETE FROM audit_log WHERE seq = 3", Fault::Missing(3)),
        ("DELETE FROM audit_log WHERE seq = 6", Fault::Missing(6)),
        ("DELETE FROM audit_log WHERE seq > 2", Fault::Missing(3)),
        ("DELETE FROM audit_log", Fault::Missing(1)),
        (
            "UPDATE audit_log SET seq = 99 WHERE seq = 2; UPDATE audit_log SET seq = 2 WHERE seq = 3; \
          UPDATE audit_log SET seq = 3 WHERE seq = 99",
            Fault::Missing(2),
        ),
        (
            "UPDATE audit_log SET seq = -7 WHERE seq = 2",
            Fault::Missing(1),
        ),
        ("UPDATE audit_chain SET length = 5", Fault::TooMany(6)),
        ("UPDATE audit_chain SET length = 7", Fault::Missing(7)),
        (
            "UPDATE audit_chain SET head = (SELECT hash FROM audit_log WHERE seq = 1)",
            Fault::Changed(6),
        ),
    ] {
        let w = World::at_rest().await;
        let id = w
            .founded("acme", Plan::Free, SubscriptionStatus::None)
            .await;
        w.write_rows(id, 6).await;
        assert_eq!(w.broken_chains().await, [], "before it");
        w.look().execute_unprepared(tampering).await.unwrap();
        assert_eq!(w.broken_chains().await, [(id, fault)], "{tampering}");
    }
}

#[tokio::test]
async fn a_log_outlives_its_organization_and_its_people() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let id = w.organization("acme").await.id;
    let delete = DeleteOrganization {
        org: acme(),
        confirmation: "acme".into(),
    };
    owner.call(delete).await.unwrap();
    let log = w.audit_of(id).await;
    assert_eq!(log.len(), 2);
    assert_eq!(log[1].actor_name, "owner");
    assert_eq!(w.broken_chains().await, []);
    // And the slug may be founded anew, with a log of its own.
    let new = NewOrganization {
        name: "Anew".into(),
        slug: "acme".into(),
    };
    owner.call(CreateOrganization { new }).await.unwrap();
    assert_eq!(w.audit("acme").await.len(), 1);
    let sign_in = SignIn {
        email: "owner@acme.test".into(),
        password: PASSWORD.into(),
        callback_url: String::new(),
    };
    owner.call(sign_in).await.unwrap();
    assert_eq!(w.audit("acme").await.len(), 2);
    assert_eq!(w.broken_chains().await, []);
}

/// Without the note of where it ends, a log that must be there is missed.
#[tokio::test]
async fn a_log_without_an_end_is_found() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let id = w.organization("acme").await.id;
    let forget = "DELETE FROM audit_chain";
    w.look().execute_unprepared(forget).await.unwrap();
    assert_eq!(w.broken_chains().await, [(id, Fault::TooMany(1))]);
    let forget = "DELETE FROM audit_log";
    w.look().execute_unprepared(forget).await.unwrap();
    assert_eq!(w.broken_chains().await, [(id, Fault::Missing(1))]);
}

#[tokio::test]
async fn a_log_is_proven_while_it_grows() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let signing_in = async {
        for _ in 0..25 {
            owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
        }
    };
    let proving = async {
        for _ in 0..200 {
            assert_eq!(w.broken_chains().await, []);
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(signing_in, proving);
}

#[tokio::test]
async fn the_command_says_what_it_has_proven() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let id = w.organization("acme").await.id;
    let run = || {
        let ended = std::process::Command::new(env!("CARGO_BIN_EXE_atrium"))
            .args(["audit", "verify"])
            .env_clear()
            .env("DATABASE_URL", &w.urls.program)
            .env("RUST_LOG", "off")
            .output()
            .unwrap();
        let said = String::from_utf8(ended.stdout).unwrap();
        (ended.status.code(), said)
    };
    assert_eq!(run(), (Some(0), format!("ok     {id}: 1 rows\n")));
    let edit = "UPDATE audit_log SET actor_name = 'Eve'";
    w.look().execute_unprepared(edit).await.unwrap();
    let broken = format!("BROKEN {id}: row 1 isn't as it was written\n");
    assert_eq!(run(), (Some(1), broken));
}

/// On SQLite anything can stand in a column; PostgreSQL takes no other text.
#[tokio::test]
async fn a_row_that_can_not_be_read_breaks_its_own_log_only() {
    let w = World::at_rest().await;
    if w.services.db.is_postgres() {
        return;
    }
    let on_free = SubscriptionStatus::None;
    let spoilt = w.founded("spoilt", Plan::Free, on_free).await;
    let whole = w.founded("whole", Plan::Free, on_free).await;
    w.write_rows(spoilt, 3).await;
    w.write_rows(whole, 3).await;
    let spoil = format!(
        "UPDATE audit_log SET metadata = 'not json' WHERE seq = 2 AND organization_id = x'{}'",
        spoilt.0.simple()
    );
    w.look().execute_unprepared(&spoil).await.unwrap();
    assert_eq!(w.broken_chains().await, [(spoilt, Fault::Unreadable(0))]);
}
