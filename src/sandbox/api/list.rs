//! Lists, the newest first, a page at a time.

use serde_json::{Value, json};

use super::params::Params;
use crate::sandbox::{books::Shelf, refusal::Refusal};

/// What every list can be asked for.
pub const PAGING: [&str; 3] = ["limit", "starting_after", "ending_before"];

const USUAL: usize = 10;
const MOST: u32 = 100;

/// A page of those on the shelf that fit.
///
/// # Errors
/// If the limit is none, or the page is to begin after nothing.
pub fn page<T>(
    url: &str,
    params: &Params,
    shelf: &Shelf<T>,
    fits: impl Fn(&T) -> bool,
    view: impl Fn(&T) -> Value,
) -> Result<Value, Refusal> {
    let limit = limit(params)?;
    let fitting = || shelf.iter().filter(|(_, thing)| fits(thing));
    for name in ["starting_after", "ending_before"] {
        if let Some(id) = params.word(name)
            && !shelf.contains_key(&id)
        {
            return Err(Refusal::names_nothing("object", &id, name));
        }
    }
    let mut rows: Vec<Value> = match (params.word("starting_after"), params.word("ending_before")) {
        (_, Some(before)) => {
            let newer = fitting().filter(|(id, _)| **id > before);
            let mut rows: Vec<Value> = newer.take(limit + 1).map(|(_, row)| view(row)).collect();
            let has_more = rows.len() > limit;
            rows.truncate(limit);
            rows.reverse();
            return Ok(list(url, &rows, has_more));
        }
        (after, None) => fitting()
            .rev()
            .filter(|(id, _)| after.as_ref().is_none_or(|after| *id < after))
            .take(limit + 1)
            .map(|(_, row)| view(row))
            .collect(),
    };
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(list(url, &rows, has_more))
}

fn limit(params: &Params) -> Result<usize, Refusal> {
    match params.count("limit")? {
        None => Ok(USUAL),
        Some(limit) if (1..=MOST).contains(&limit) => Ok(usize::try_from(limit).unwrap_or(USUAL)),
        Some(_) => Err(
            Refusal::invalid("Invalid limit: it must be between 1 and 100.")
                .with_code("parameter_invalid_integer")
                .about("limit"),
        ),
    }
}

fn list(url: &str, data: &[Value], has_more: bool) -> Value {
    json!({ "object": "list", "data": data, "has_more": has_more, "url": url })
}

/// The names of a list's parameters: its own, and those of every list.
#[must_use]
pub fn with_paging<'a>(own: &[&'a str]) -> Vec<&'a str> {
    own.iter().copied().chain(PAGING).collect()
}
