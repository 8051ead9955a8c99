//! The log as a file, oldest row first, written as it is read.

use futures_util::{Stream, StreamExt, stream};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{is_included, matching};
use crate::{
    access::{
        can,
        server::{Grant, Person},
    },
    audit::model::{AuditEntry, AuditQuery},
    billing::Feature,
    entity::audit_log,
    error::AppError,
    id::OrgSlug,
};

/// How many rows are read at once.
const BATCH: u64 = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for spreadsheets, which take no cell of it for a formula.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

/// The rows that fit the query, in pieces. Each piece goes through the door
/// anew.
///
/// # Errors
/// Those of the door; `NotInPlan`. An error later on ends the stream.
pub async fn export(
    person: Person,
    org: OrgSlug,
    query: AuditQuery,
    format: Format,
) -> Result<impl Stream<Item = Result<String, AppError>> + Send, AppError> {
    let source = Source {
        person,
        org,
        query,
        format,
    };
    // What is wrong from the start is said before anything is sent.
    let (first, next) = source.piece(0).await?;
    let rest = stream::try_unfold((source, next), |(source, after)| async move {
        let Some(after) = after else { return Ok(None) };
        let (text, next) = source.piece(after).await?;
        Ok(Some((text, (source, next))))
    });
    Ok(stream::once(async { Ok(first) }).chain(rest))
}

struct Source {
    person: Person,
    org: OrgSlug,
    query: AuditQuery,
    format: Format,
}

impl Source {
    /// What comes after the row of that number, and the last of it if there is
    /// more. Whoever signed out, was removed or has another plan gets none.
    async fn piece(&self, after: i64) -> Result<(String, Option<i64>), AppError> {
        let person = self.person.still().await?;
        let grant: Grant<can::ViewAudit> = person.enter(&self.org).await?;
        if !is_included(&grant) {
            return Err(AppError::NotInPlan {
                feature: Feature::AuditLog,
            });
        }
        let rows = batch(&grant, &self.query, after).await?;
        let last = rows.last().map(|row| row.seq);
        let mut text = self.format.head(after);
        for row in &rows {
            text.push_str(&self.format.line(row));
        }
        Ok((text, last.filter(|_| rows.len() as u64 == BATCH)))
    }
}

async fn batch(
    grant: &Grant<can::ViewAudit>,
    query: &AuditQuery,
    after: i64,
) -> Result<Vec<AuditEntry>, AppError> {
    let rows = matching(grant.find(), query)
        .filter(audit_log::Column::Seq.gt(after))
        .order_by_asc(audit_log::Column::Seq)
        .limit(BATCH)
        .all(&grant.read().await?)
        .await?;
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}

const COLUMNS: &str = "id,seq,created_at,actor_type,actor_id,actor_name,action,entity_type,\
                       entity_id,ip,user_agent,metadata\r\n";

impl Format {
    /// The media type of the file.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }

    /// How the name of the file ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    fn head(self, after: i64) -> String {
        match self {
            Self::Csv if after == 0 => COLUMNS.to_owned(),
            Self::Csv | Self::JsonLines => String::new(),
        }
    }

    fn line(self, row: &AuditEntry) -> String {
        match self {
            Self::Csv => csv(row),
            Self::JsonLines => {
                let mut line = serde_json::to_string(row).unwrap_or_default();
                line.push('\n');
                line
            }
        }
    }
}

fn csv(row: &AuditEntry) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        row.id.to_string(),
        row.seq.to_string(),
        row.created_at.to_rfc3339(),
        row.actor_type.clone(),
        row.actor_id.clone().unwrap_or_default(),
        row.actor_name.clone(),
        row.action.clone(),
        row.entity_type.clone(),
        optional(&row.entity_id),
        optional(&row.ip),
        optional(&row.user_agent),
        row.metadata.to_string(),
    ];
    let mut line = cells.map(|text| cell(&text)).join(",");
    line.push_str("\r\n");
    line
}

/// A cell, quoted where it must be. A spreadsheet would run what begins like a
/// formula: an apostrophe before it makes it text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
    let safe = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if is_formula || safe.contains(['"', ',', ';', '\t', '\r', '\n']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_and_never_a_formula() {
        for (text, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a;=1+1", "\"a;=1+1\""),
            ("＝1+1", "\"'＝1+1\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@x", "\"'@x\""),
            ("\tx", "\"'\tx\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), written, "{text:?}");
        }
    }
}
