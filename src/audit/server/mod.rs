//! The audit log, for those who may see it.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};

use crate::{
    access::{can, server::Grant},
    audit::model::{
        Activity, AuditEntry, AuditPage, AuditQuery, Person, Preview, actor_text, day_after,
        entity_text,
    },
    billing::Feature,
    entity::{audit_chain, audit_log, organization_member, user},
    error::AppError,
    paging::{Place, Slice},
    server::{database::ReadTx, paging::outwards},
};

mod export;
mod verify;

pub use export::{Format, export};
pub use verify::{Fault, Proof, chains, verify};

/// How many rows a page of the log holds.
const PAGE_SIZE: u64 = 50;
/// How many rows a preview is about.
const PREVIEWED: u64 = 3;

/// The page that is asked for; a preview where the plan has no more.
///
/// # Errors
/// If the database fails.
pub async fn activity(
    grant: &Grant<can::ViewAudit>,
    query: &AuditQuery,
) -> Result<Activity, AppError> {
    let db = grant.read().await?;
    if !is_included(grant) {
        return Ok(Activity::Locked(preview(grant, &db).await?));
    }
    let detail = match query.event {
        Some(id) => grant
            .find::<audit_log::Entity>()
            .filter(audit_log::Column::Id.eq(id))
            .one(&db)
            .await?
            .map(AuditEntry::from),
        None => None,
    };
    let mut page = page(grant, &db, query).await?;
    if page.rows.is_empty() && query.place != Place::Newest {
        let newest = AuditQuery {
            place: Place::Newest,
            ..query.clone()
        };
        page = self::page(grant, &db, &newest).await?;
    }
    page.detail = detail;
    Ok(Activity::Open(Box::new(page)))
}

fn is_included(grant: &Grant<can::ViewAudit>) -> bool {
    grant.entitlements().has(Feature::AuditLog)
}

/// A page of all rows, the newest first.
///
/// # Errors
/// `NotInPlan`.
pub async fn slice(
    grant: &Grant<can::ViewAudit>,
    place: Place<i64>,
    size: u64,
) -> Result<Slice<AuditEntry>, AppError> {
    if !is_included(grant) {
        return Err(AppError::NotInPlan {
            feature: Feature::AuditLog,
        });
    }
    let db = grant.read().await?;
    let found = grant.find::<audit_log::Entity>();
    let rows = outwards(found, audit_log::Column::Seq, place, size);
    let rows = rows.all(&db).await?.into_iter().map(AuditEntry::from);
    Ok(Slice::at(&place, rows.collect(), size))
}

async fn page(
    grant: &Grant<can::ViewAudit>,
    db: &ReadTx,
    query: &AuditQuery,
) -> Result<AuditPage, AppError> {
    let found = matching(grant.find(), query);
    let rows = outwards(found, audit_log::Column::Seq, query.place, PAGE_SIZE);
    let rows = rows.all(db).await?.into_iter().map(AuditEntry::from);
    let slice = Slice::at(&query.place, rows.collect(), PAGE_SIZE);
    Ok(AuditPage {
        older: slice.older().map(|row| row.seq),
        newer: slice.newer().map(|row| row.seq),
        rows: slice.rows,
        people: people(grant, db).await?,
        detail: None,
        now: grant.now(),
    })
}

fn matching(found: Select<audit_log::Entity>, query: &AuditQuery) -> Select<audit_log::Entity> {
    use audit_log::Column;
    let mut found = found;
    if !query.is_answerable() {
        return found.filter(Expr::cust("1 = 0"));
    }
    if let Some(actor) = query.actor_id() {
        found = found.filter(Column::ActorId.eq(actor));
    }
    if let Some(action) = &query.action {
        found = found.filter(Column::Action.eq(action.as_str()));
    }
    found = match (query.entity_id(), &query.entity) {
        (Some(id), _) => found.filter(Column::EntityId.eq(id)),
        (None, Some(kind)) => found.filter(Column::EntityType.eq(kind.as_str())),
        (None, None) => found,
    };
    if let Some(day) = query.from {
        let begin = day.and_time(chrono::NaiveTime::MIN).and_utc();
        found = found.filter(Column::CreatedAt.gte(begin));
    }
    if let Some(day) = query.to {
        found = found.filter(Column::CreatedAt.lt(day_after(day)));
    }
    found
}

async fn people(grant: &Grant<can::ViewAudit>, db: &ReadTx) -> Result<Vec<Person>, AppError> {
    let members = grant
        .find::<organization_member::Entity>()
        .find_also_related(user::Entity)
        .order_by_asc(user::Column::Name)
        .all(db)
        .await?;
    let people = members.into_iter().filter_map(|(_, user)| user);
    Ok(people
        .map(|user| Person {
            id: user.id,
            name: user.name,
        })
        .collect())
}

async fn preview(grant: &Grant<can::ViewAudit>, db: &ReadTx) -> Result<Preview, AppError> {
    let newest = grant
        .find::<audit_log::Entity>()
        .order_by_desc(audit_log::Column::Seq)
        .limit(PREVIEWED)
        .all(db)
        .await?;
    let chain = grant.find::<audit_chain::Entity>().one(db).await?;
    Ok(Preview {
        rows: chain.map_or(0, |chain| chain.length.unsigned_abs()),
        newest: newest
            .into_iter()
            .map(|row| (row.action, row.created_at))
            .collect(),
        now: grant.now(),
    })
}

impl From<audit_log::Model> for AuditEntry {
    fn from(row: audit_log::Model) -> Self {
        Self {
            id: row.id,
            seq: row.seq,
            created_at: row.created_at,
            actor_id: row.actor_id.map(|id| actor_text(&row.actor_type, id)),
            actor_type: row.actor_type,
            actor_name: row.actor_name,
            action: row.action,
            entity_id: row.entity_id.map(|id| entity_text(&row.entity_type, id)),
            entity_type: row.entity_type,
            metadata: row.metadata,
            ip: row.ip,
            user_agent: row.user_agent,
        }
    }
}
