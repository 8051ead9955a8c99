//! The proof of a chain: every row is there, in its order, as it was written.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    access::server::trail::seal,
    entity::{audit_chain, audit_log},
    error::AppError,
    id::OrgId,
    server::{
        database::{ReadTx, Scope},
        services::Services,
    },
};

/// How many rows are read at once.
const BATCH: u64 = 1000;

/// The audit log of one organization, which may be deleted by now.
#[derive(Clone, Debug)]
pub struct Chain {
    pub organization: OrgId,
    /// How many rows there are to be.
    pub length: i64,
    head: Vec<u8>,
}

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The row of that number isn't as it was written.
    Changed(i64),
    /// There is no row of that number, or it isn't in its place.
    Missing(i64),
    /// There are rows after the last one, from that number on.
    TooMany(i64),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed(seq) => write!(f, "row {seq} isn't as it was written"),
            Self::Missing(seq) => write!(f, "row {seq} is missing or out of its place"),
            Self::TooMany(seq) => write!(f, "there are rows from {seq} on that nothing wrote"),
        }
    }
}

/// All chains there are.
///
/// # Errors
/// If the database fails.
pub async fn chains(services: &Services) -> Result<Vec<Chain>, AppError> {
    let db = services.db.unscoped("all chains are to be proven");
    let rows = audit_chain::Entity::find()
        .order_by_asc(audit_chain::Column::OrganizationId)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Chain {
            organization: row.organization_id,
            length: row.length,
            head: row.head,
        })
        .collect())
}

/// Reads a chain from end to end.
///
/// # Errors
/// If the database fails.
pub async fn verify(services: &Services, chain: &Chain) -> Result<Option<Fault>, AppError> {
    let scope = Scope::Tenant(chain.organization);
    let db = services.db.read(scope).await?;
    let (mut seq, mut head) = (0, vec![0; 32]);
    loop {
        let rows = batch(&db, chain.organization, seq).await?;
        let is_last = (rows.len() as u64) < BATCH;
        for row in rows {
            seq += 1;
            if row.seq != seq || row.previous_hash != head {
                return Ok(Some(Fault::Missing(seq)));
            }
            if seal(&row)? != row.hash {
                return Ok(Some(Fault::Changed(seq)));
            }
            head = row.hash;
        }
        if is_last {
            break;
        }
    }
    Ok(if seq < chain.length {
        Some(Fault::Missing(seq + 1))
    } else if seq > chain.length {
        Some(Fault::TooMany(chain.length + 1))
    } else if head != chain.head {
        Some(Fault::Changed(seq))
    } else {
        None
    })
}

async fn batch(db: &ReadTx, of: OrgId, after: i64) -> Result<Vec<audit_log::Model>, AppError> {
    Ok(audit_log::Entity::find()
        .filter(audit_log::Column::OrganizationId.eq(of))
        .filter(audit_log::Column::Seq.gt(after))
        .order_by_asc(audit_log::Column::Seq)
        .limit(BATCH)
        .all(db)
        .await?)
}
