//! The proof of a chain: every row is there, in its order, as it was written.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, RuntimeErr, sqlx,
};

use crate::{
    access::server::trail::seal,
    entity::{audit_chain, audit_log, organization_slug},
    error::AppError,
    id::OrgId,
    server::{
        database::{ReadTx, Scope},
        services::Services,
    },
};

/// How many rows are read at once.
const BATCH: u64 = 1000;

/// What came of reading a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// So many rows, each as it was written.
    Whole(i64),
    Broken(Fault),
}

/// Where a log is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The row of that number isn't as it was written.
    Changed(i64),
    /// There is no row of that number, or it isn't in its place.
    Missing(i64),
    /// There are rows after the last one, from that number on.
    TooMany(i64),
    /// A row after that number can't be read as one.
    Unreadable(i64),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed(seq) => write!(f, "row {seq} isn't as it was written"),
            Self::Missing(seq) => write!(f, "row {seq} is missing or out of its place"),
            Self::Unreadable(seq) => write!(f, "a row after row {seq} can't be read"),
            Self::TooMany(seq) => write!(f, "there are rows from {seq} on that nothing wrote"),
        }
    }
}

/// All organizations that have an audit log, or must have one. Some may be
/// deleted by now.
///
/// # Errors
/// If the database fails.
pub async fn chains(services: &Services) -> Result<Vec<OrgId>, AppError> {
    let db = services.db.read(Scope::Proof).await?;
    let with_log = audit_chain::Entity::find().all(&db).await?;
    let there = organization_slug::Entity::find().all(&db).await?;
    let ids: BTreeSet<OrgId> = with_log
        .into_iter()
        .map(|chain| chain.organization_id)
        .chain(there.into_iter().map(|slug| slug.organization_id))
        .collect();
    Ok(ids.into_iter().collect())
}

/// Reads a log from its first row to where it ends. Rows may be added in the
/// meantime.
///
/// # Errors
/// If the database fails.
pub async fn verify(services: &Services, of: OrgId) -> Result<Proof, AppError> {
    let db = services.db.read(Scope::Tenant(of)).await?;
    let (mut length, mut head) = (0, vec![0; 32]);
    loop {
        let before = length;
        if let Some(fault) = read_on(&db, of, &mut length, &mut head).await? {
            return Ok(Proof::Broken(fault));
        }
        // Read after its rows: if it is ahead of them, there are more by now.
        let end = audit_chain::Entity::find_by_id(of).one(&db).await?;
        let (said, hash) = end.map_or((0, Vec::new()), |end| (end.length, end.head));
        if said == length && said > 0 {
            let is_whole = hash == head;
            let changed = Proof::Broken(Fault::Changed(length));
            return Ok(if is_whole {
                Proof::Whole(length)
            } else {
                changed
            });
        }
        if said < length {
            return Ok(Proof::Broken(Fault::TooMany(said + 1)));
        }
        if length == before {
            return Ok(Proof::Broken(Fault::Missing(length + 1)));
        }
    }
}

/// Reads all rows that there are past so many.
async fn read_on(
    db: &ReadTx,
    of: OrgId,
    length: &mut i64,
    head: &mut Vec<u8>,
) -> Result<Option<Fault>, AppError> {
    loop {
        let rows = match batch(db, of, *length).await {
            Err(error) if is_unreadable(&error) => return Ok(Some(Fault::Unreadable(*length))),
            rows => rows?,
        };
        let is_last = (rows.len() as u64) < BATCH;
        for row in rows {
            *length += 1;
            if row.seq != *length || row.previous_hash != *head {
                return Ok(Some(Fault::Missing(*length)));
            }
            // The seal is of milliseconds, and nothing finer was ever written.
            let is_exact = row.created_at.timestamp_subsec_nanos() % 1_000_000 == 0;
            if !is_exact || seal(&row)? != row.hash {
                return Ok(Some(Fault::Changed(*length)));
            }
            *head = row.hash;
        }
        if is_last {
            return Ok(None);
        }
    }
}

async fn batch(db: &ReadTx, of: OrgId, after: i64) -> Result<Vec<audit_log::Model>, DbErr> {
    let mut rows = audit_log::Entity::find()
        .filter(audit_log::Column::OrganizationId.eq(of))
        .order_by_asc(audit_log::Column::Seq)
        .limit(BATCH);
    // From the very first: a row that was put before all others is one too many.
    if after > 0 {
        rows = rows.filter(audit_log::Column::Seq.gt(after));
    }
    rows.all(db).await
}

/// Whether it is the row that is at fault, and not the way to it.
fn is_unreadable(error: &DbErr) -> bool {
    match error {
        DbErr::Type(_) | DbErr::Json(_) => true,
        DbErr::Query(RuntimeErr::SqlxError(error)) => {
            matches!(
                **error,
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)
            )
        }
        _ => false,
    }
}
