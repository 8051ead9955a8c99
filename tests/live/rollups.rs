//! Roll-ups are what a recount of the log comes to, however it was written.

use std::collections::BTreeMap;

use atrium::{
    access::server::trail::{self, Actor},
    audit::model::Event,
    billing::{Plan, SubscriptionStatus},
    entity::rollup::{self, Grain, Measure},
    error::AppError,
    id::{DeploymentId, OrgId, ProjectId, UserId},
    server::database::Scope,
    usage::server::calls,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::world::World;

const EVENTS: usize = 10_000;
const DAYS: i64 = 100;
const PROJECTS: usize = 6;
/// The most that one transaction writes.
const MOST: usize = 120;

/// What is counted: how long the stretch is and when it begins, what kind of
/// thing, and which of them.
type Key = (i64, i64, String, String);
type Counts = BTreeMap<Key, i64>;

/// Something that happened within the last days, on the hour now and then.
fn moment(random: &mut StdRng, now: DateTime<Utc>) -> DateTime<Utc> {
    let ago = random.random_range(0..DAYS * 86_400_000);
    let at = now - TimeDelta::milliseconds(ago);
    if random.random_bool(0.05) {
        let hour = at.timestamp().div_euclid(3600) * 3600;
        // The last millisecond before it, the first of it, the one after.
        let beside = TimeDelta::milliseconds(random.random_range(-1..=1));
        return DateTime::from_timestamp(hour, 0).unwrap() + beside;
    }
    at
}

fn something(random: &mut StdRng, organization: OrgId, projects: &[ProjectId]) -> Event {
    let project = projects[random.random_range(0..projects.len())];
    let name = "Storefront".to_owned();
    match random.random_range(0..7) {
        0..=2 => Event::DeploymentCreated {
            deployment: DeploymentId::generate(),
            project,
            environment: "production".to_owned(),
            commit: None,
        },
        3 => Event::ProjectCreated { project, name },
        4 => Event::ProjectDeleted { project, name },
        5 => Event::ContinuedOnFree { organization },
        _ => Event::SessionSignedIn {
            user: UserId::generate(),
        },
    }
}

/// As a plain count of the log has it.
async fn recount(w: &World, organization: OrgId) -> Counts {
    let mut counts = Counts::new();
    for row in w.audit_of(organization).await {
        let deployed = (row.action == "deployment.created").then(|| {
            let project = row.metadata["project"].as_str().unwrap().to_owned();
            ("Deployment".to_owned(), project)
        });
        let counted = [Some(("Event".to_owned(), row.action)), deployed];
        for length in [60, 3600, 86_400] {
            let start = row.created_at.timestamp().div_euclid(length) * length;
            for (measure, subject) in counted.iter().flatten().cloned() {
                *counts.entry((length, start, measure, subject)).or_default() += 1;
            }
        }
    }
    counts
}

/// As the program has counted it.
async fn rolled_up(w: &World, organization: OrgId) -> Counts {
    let rows = rollup::Entity::find()
        .filter(rollup::Column::OrganizationId.eq(organization))
        .all(w.look())
        .await
        .unwrap();
    let counts = rows.into_iter().map(|row| {
        let measure = format!("{:?}", row.measure);
        let key = (row.grain.seconds(), row.starts_at, measure, row.subject);
        (key, row.count)
    });
    counts.collect()
}

#[tokio::test]
async fn they_are_what_a_recount_of_the_log_comes_to() {
    let seed: u64 = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let w = World::at_rest().await;
    let mut organizations = Vec::new();
    for slug in ["acme", "other"] {
        organizations.push(w.founded(slug, Plan::Free, SubscriptionStatus::None).await);
    }
    // In both alike: an id alone says nothing of whose it is.
    let projects: Vec<_> = (0..PROJECTS).map(|_| ProjectId::generate()).collect();
    let (now, actor) = (w.services.clock.now(), Actor::stripe());
    let (mut made, mut lost) = (0, 0);
    while made < EVENTS {
        let id = organizations[usize::from(random.random_bool(0.2))];
        let size = random.random_range(1..=MOST).min(EVENTS - made);
        let tx = w.services.db.write("a test").await.unwrap();
        tx.enter(Scope::Tenant(id)).await.unwrap();
        for _ in 0..size {
            let event = something(&mut random, id, &projects);
            let at = moment(&mut random, now);
            trail::append(&*tx, id, &actor, &event, at).await.unwrap();
        }
        made += size;
        if random.random_bool(0.15) {
            // A crash in the middle.
            drop(tx);
            lost += size;
        } else {
            tx.commit().await.unwrap();
        }
    }
    assert!(lost > 0 && lost < EVENTS / 2, "{lost} with the seed {seed}");

    let mut logged = 0;
    for id in organizations {
        let (expected, counted) = (recount(&w, id).await, rolled_up(&w, id).await);
        let wrong: Vec<_> = expected
            .keys()
            .chain(counted.keys())
            .map(|key| (key, expected.get(key), counted.get(key)))
            .filter(|(_, expected, counted)| expected != counted)
            .take(5)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?} with the seed {seed}");
        logged += w.audit_of(id).await.len();
    }
    assert_eq!(logged, EVENTS - lost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_rolled_up_as_often_as_they_are_counted() {
    const CALLS: usize = 1_100;
    const ALLOWED: i64 = 1_000;
    let w = World::at_rest().await;
    let id = w
        .founded("acme", Plan::Free, SubscriptionStatus::None)
        .await;
    let mut refused = 0;
    // In several waves, which are counted in as many transactions and more.
    for _ in 0..11 {
        let wave = (0..CALLS / 11).map(|_| calls::count(&w.services, id));
        for counted in join_all(wave).await {
            match counted {
                Ok(_) => {}
                Err(AppError::LimitReached { .. }) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(refused, CALLS - 1_000);
    assert_eq!(w.calls("acme").await, ALLOWED);
    for grain in Grain::ALL {
        let rows = rollup::Entity::find()
            .filter(rollup::Column::OrganizationId.eq(id))
            .filter(rollup::Column::Grain.eq(grain))
            .filter(rollup::Column::Measure.eq(Measure::ApiCall))
            .all(w.look())
            .await
            .unwrap();
        let sum: i64 = rows.iter().map(|row| row.count).sum();
        assert_eq!(sum, ALLOWED, "{grain:?}");
        assert!(rows.iter().all(|row| row.subject.is_empty()));
    }
}
