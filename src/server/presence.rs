//! Who is there: members who read or do something, noted now and then.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, LockType, OnConflict, Query},
};
use tokio::{sync::Notify, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{database::Scope, services::Services};
use crate::{
    entity::{organization, organization_member, presence},
    error::AppError,
    id::{OrgId, UserId},
};

/// For how long somebody is there after they were seen.
pub const LASTS: TimeDelta = TimeDelta::minutes(5);
/// How often somebody is noted at most.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Who comes within so long is noted at once.
const TOGETHER: Duration = Duration::from_millis(500);
/// How many are noted by one statement.
const AT_ONCE: usize = 5_000;
/// How many this node remembers to have noted before it forgets the old ones.
const REMEMBERED: usize = 20_000;

#[derive(Debug, Default)]
pub struct Presence {
    seen: Mutex<Seen>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Seen {
    noted_at: HashMap<(OrgId, UserId), DateTime<Utc>>,
    unwritten: HashMap<OrgId, BTreeSet<UserId>>,
}

impl Presence {
    /// Notes that somebody is there, unless that was noted just now.
    pub fn note(&self, organization: OrgId, user: UserId, now: DateTime<Utc>) {
        let mut seen = self.seen();
        let last = seen.noted_at.get(&(organization, user));
        if last.is_some_and(|last| now < *last + NOTED_EVERY) {
            return;
        }
        if seen.noted_at.len() >= REMEMBERED {
            seen.noted_at.retain(|_, last| now < *last + NOTED_EVERY);
        }
        seen.noted_at.insert((organization, user), now);
        seen.unwritten.entry(organization).or_default().insert(user);
        drop(seen);
        self.filled.notify_one();
    }

    /// Forgets that they were noted: they weren't.
    fn forget(&self, organization: OrgId, people: &[UserId]) {
        let mut seen = self.seen();
        for person in people {
            seen.noted_at.remove(&(organization, *person));
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes down who is there, until told to stop.
pub async fn work(services: Services, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = services.presence.filled.notified() => {}
            () = stop.cancelled() => return,
        }
        let unwritten = mem::take(&mut services.presence.seen().unwritten);
        for (organization, people) in unwritten {
            let people: Vec<UserId> = people.into_iter().collect();
            if write(&services, organization, &people).await.is_err() {
                services.presence.forget(organization, &people);
                tracing::debug!(%organization, "who is there couldn't be noted");
            }
        }
        tokio::select! {
            () = sleep(TOGETHER) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Notes that those are there who watch, and whom nobody noted at a door.
///
/// # Errors
/// If the database fails.
pub async fn keep(
    services: &Services,
    organization: OrgId,
    people: HashSet<UserId>,
) -> Result<(), AppError> {
    let people: Vec<UserId> = people.into_iter().collect();
    write(services, organization, &people).await
}

async fn write(services: &Services, id: OrgId, people: &[UserId]) -> Result<(), AppError> {
    use presence::Column;
    let now = services.clock.now();
    let tx = services.db.write("who is there is noted for many").await?;
    tx.enter(Scope::Tenant(id)).await?;
    // It stays until this is done.
    let organization = organization::Entity::find_by_id(id).lock(LockType::KeyShare);
    if organization.one(&*tx).await?.is_none() {
        return Ok(());
    }
    let mut has_come = false;
    for some in people.chunks(AT_ONCE) {
        let there = presence::Entity::find()
            .filter(Column::OrganizationId.eq(id))
            .filter(Column::UserId.is_in(some.iter().copied()))
            .filter(Column::SeenAt.gt(now - LASTS));
        has_come |= there.count(&*tx).await? < some.len() as u64;
        // Whoever was removed meanwhile isn't there.
        let members = organization_member::Entity::find()
            .select_only()
            .column(organization_member::Column::OrganizationId)
            .column(organization_member::Column::UserId)
            .expr(Expr::value(now))
            .filter(organization_member::Column::OrganizationId.eq(id))
            .filter(organization_member::Column::UserId.is_in(some.iter().copied()))
            // Or two who note the same people might wait for each other.
            .order_by_asc(organization_member::Column::UserId)
            .into_query();
        let later = OnConflict::columns([Column::OrganizationId, Column::UserId])
            .value(
                Column::SeenAt,
                Expr::col((Alias::new("excluded"), Column::SeenAt)),
            )
            .action_and_where(
                Expr::col((presence::Entity, Column::SeenAt))
                    .lt(Expr::col((Alias::new("excluded"), Column::SeenAt))),
            )
            .to_owned();
        let mut noted = Query::insert();
        noted
            .into_table(presence::Entity)
            .columns([Column::OrganizationId, Column::UserId, Column::SeenAt])
            .on_conflict(later);
        noted
            .select_from(members)
            .map_err(|error| AppError::internal(&error))?;
        tx.execute(&noted).await?;
    }
    // That somebody is still there changes nothing that is shown.
    if !has_come {
        tx.tell_nobody();
    }
    tx.commit().await
}
