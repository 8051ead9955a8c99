//! What is counted is kept for as long as the plan says, and no longer.

use std::collections::BTreeSet;

use atrium::{
    billing::{Plan, SubscriptionStatus},
    entity::rollup::{self, Grain, Measure},
    id::OrgId,
    usage::server::retention,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::world::World;

/// What the rows are about.
const SUBJECT: &str = "retention.tested";
/// For how long each minute is known by itself, in days.
const MINUTES_KEPT: i64 = 2;

/// A stretch: how long it is, and when it begins.
type Stretch = (i64, i64);

/// Moves the clock into the middle of a minute, so that no stretch ends while
/// this goes on.
fn settle(w: &World) -> DateTime<Utc> {
    let second = w.services.clock.now().timestamp().rem_euclid(60);
    w.wait(TimeDelta::seconds(80 - second));
    w.services.clock.now()
}

/// Around each age at which something could be deleted, the stretch that has
/// ended by then and the one that is still under way; and what is far from all.
fn stretches(now: DateTime<Utc>) -> BTreeSet<Stretch> {
    let mut all = BTreeSet::new();
    for length in Grain::ALL.map(Grain::seconds) {
        let within = |at: DateTime<Utc>| at.timestamp().div_euclid(length) * length;
        for days in [1, MINUTES_KEPT, 7, 30, 90, 365] {
            let under_way = within(now - TimeDelta::days(days));
            let three = [under_way - length, under_way, under_way + length];
            all.extend(three.map(|start| (length, start)));
        }
        all.insert((length, within(now)));
        all.insert((length, within(now - TimeDelta::days(1_000))));
    }
    all
}

/// Those of them that had not ended so many days ago.
fn kept(all: &BTreeSet<Stretch>, days: i64, now: DateTime<Utc>) -> BTreeSet<Stretch> {
    let is_kept = |(length, start): &&Stretch| {
        let is_minute = *length == Grain::Minute.seconds();
        let days = if is_minute {
            days.min(MINUTES_KEPT)
        } else {
            days
        };
        let end = DateTime::from_timestamp(start + length, 0).unwrap();
        end > now - TimeDelta::days(days)
    };
    all.iter().filter(is_kept).copied().collect()
}

async fn write(w: &World, organization: OrgId, stretches: &BTreeSet<Stretch>) {
    let grain_of = |length: i64| {
        let mut all = Grain::ALL.into_iter();
        all.find(|grain| grain.seconds() == length).unwrap()
    };
    let rows = stretches.iter().map(|(length, start)| rollup::ActiveModel {
        organization_id: Set(organization),
        grain: Set(grain_of(*length)),
        starts_at: Set(*start),
        measure: Set(Measure::Event),
        subject: Set(SUBJECT.to_owned()),
        count: Set(1),
    });
    let tx = w.db.write("a test counts").await.unwrap();
    rollup::Entity::insert_many(rows)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn left(w: &World, organization: OrgId) -> BTreeSet<Stretch> {
    let rows = rollup::Entity::find()
        .filter(rollup::Column::OrganizationId.eq(organization))
        .all(w.look())
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.grain.seconds(), row.starts_at))
        .collect()
}

#[tokio::test]
async fn each_organization_keeps_what_its_plan_says() {
    // As the contract has them; a subscription that has ended gives what Free
    // does.
    let plans = [
        ("on-free", Plan::Free, SubscriptionStatus::None, 7),
        ("on-starter", Plan::Starter, SubscriptionStatus::Active, 30),
        ("on-pro", Plan::Pro, SubscriptionStatus::PastDue, 90),
        ("on-most", Plan::Enterprise, SubscriptionStatus::Active, 365),
        ("lapsed", Plan::Pro, SubscriptionStatus::Canceled, 7),
    ];
    let w = World::at_rest().await;
    let now = settle(&w);
    let all = stretches(now);
    let mut organizations = Vec::new();
    for (slug, plan, status, days) in plans {
        let id = w.founded(slug, plan, status).await;
        write(&w, id, &all).await;
        organizations.push((slug, id, days));
    }

    // Twice is like once.
    for _ in 0..2 {
        retention::delete_old(&w.services).await.unwrap();
        for (slug, id, days) in &organizations {
            let (left, kept) = (left(&w, *id).await, kept(&all, *days, now));
            let lost: Vec<&Stretch> = kept.difference(&left).collect();
            let stayed: Vec<&Stretch> = left.difference(&kept).collect();
            assert!(
                lost.is_empty(),
                "{slug} should still have {lost:?} at {now}"
            );
            assert!(stayed.is_empty(), "{slug} has {stayed:?} still at {now}");
            assert!(kept.len() < all.len(), "there was something to delete");
        }
    }
}
