//! Lists, a page at a time.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{answer::Refused, cursor::Of};
use crate::{
    audit::model::AuditEntry,
    error::{AppError, Problem},
    paging::{Place, Slice},
    projects::model::{DeploymentCard, EnvironmentCard, ProjectCard, SEARCH_MAX},
    server::services::Services,
};

/// How many rows a page has if nothing is said.
const USUAL: u32 = 25;
const MOST: u32 = 100;

/// Which page is asked for.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many rows.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<u32>,
    /// Where the page before ended: its `next_cursor`.
    #[param(pattern = "^[A-Za-z0-9_-]{32}$", min_length = 32, max_length = 32)]
    cursor: Option<String>,
}

/// All that a request asks for in its query, each once.
pub struct Asked(Vec<(String, String)>);

impl FromRequestParts<Services> for Asked {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Services) -> Result<Self, Refused> {
        let query = parts.uri.query().unwrap_or_default();
        let mut asked = Self(Vec::new());
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).into_owned() {
            if asked.get(&name).is_some() {
                return Err(AppError::invalid(&name, Problem::Repeated).into());
            }
            asked.0.push((name, value));
        }
        Ok(asked)
    }
}

impl Asked {
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A value that is one of its kind, if there is one.
    ///
    /// # Errors
    /// `Invalid` if it is none.
    pub fn parsed<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, AppError> {
        self.get(name)
            .map(|text| parse(text).ok_or_else(|| AppError::invalid(name, Problem::NotAChoice)))
            .transpose()
    }

    /// # Errors
    /// `Invalid` if the limit is none; `NotFound` if the cursor is none of this
    /// list.
    pub fn page<K>(&self, of: &Of, key: impl Fn(Uuid) -> K) -> Result<(Place<K>, u64), AppError> {
        let Paging { limit, cursor } = self.paging()?;
        let place = match cursor {
            None => Place::Newest,
            Some(cursor) => Place::After(key(of.read(&cursor).ok_or(AppError::NotFound)?)),
        };
        Ok((place, limit.unwrap_or(USUAL).into()))
    }

    /// What to look for; nothing if nothing is said.
    ///
    /// # Errors
    /// `Invalid` if it is too long.
    pub fn search(&self) -> Result<String, AppError> {
        let q = self.get("q").unwrap_or_default();
        if q.chars().count() > SEARCH_MAX {
            return Err(AppError::invalid("q", Problem::TooLong(SEARCH_MAX)));
        }
        Ok(q.to_owned())
    }

    fn paging(&self) -> Result<Paging, AppError> {
        let out_of_range = || AppError::invalid("limit", Problem::NotBetween(1, MOST));
        let limit = self.get("limit").map(|text| {
            let limit = text.parse().ok();
            limit
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(out_of_range)
        });
        Ok(Paging {
            limit: limit.transpose()?,
            cursor: self.get("cursor").map(str::to_owned),
        })
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident of $row:ty;)+) => {$(
        $(#[$doc])*
        #[derive(Serialize, ToSchema)]
        pub struct $name {
            data: Vec<$row>,
            /// Whether there are more after these.
            has_more: bool,
            /// What to send as `cursor` to get them.
            next_cursor: Option<String>,
        }

        impl $name {
            /// A page, whose rows each have a key.
            pub fn of<T>(
                of: &Of,
                slice: Slice<T>,
                key: impl Fn(&T) -> Uuid,
                row: impl Fn(T) -> $row,
            ) -> Self {
                let next_cursor = slice.older().map(|last| of.after(key(last)));
                Self {
                    has_more: next_cursor.is_some(),
                    next_cursor,
                    data: slice.rows.into_iter().map(row).collect(),
                }
            }
        }
    )+};
}

lists! {
    /// Projects, the newest first.
    ProjectList of ProjectCard;
    /// Environments, the newest first.
    EnvironmentList of EnvironmentCard;
    /// Deployments, the newest first.
    DeploymentList of DeploymentCard;
    /// Members, those who came last first.
    MemberList of super::organization::Member;
    /// Rows of the audit log, the newest first.
    AuditLogList of AuditEntry;
}
