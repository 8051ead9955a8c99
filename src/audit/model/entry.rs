//! What people ask of the log, and what they are shown of it.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::Event;
use crate::{
    id::{ApiKeyId, AuditId, DeploymentId, EnvironmentId, InvitationId, OrgId, ProjectId, UserId},
    paging::Place,
};

/// The kinds of thing that something happens to.
pub const KINDS: [&str; 8] = [
    "organization",
    "project",
    "environment",
    "deployment",
    "api_key",
    "member",
    "invitation",
    "user",
];

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = AuditLog))]
pub struct AuditEntry {
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "aud_01h455vb4pex5vsknk084sn02q"))]
    pub id: AuditId,
    /// Counts the rows of the organization from 1.
    pub seq: i64,
    pub created_at: DateTime<Utc>,
    pub actor_type: String,
    /// Of a user, or of a key of the API.
    pub actor_id: Option<String>,
    /// As the actor was called then.
    pub actor_name: String,
    pub action: String,
    pub entity_type: String,
    pub entity_id: Option<String>,
    pub metadata: Value,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// What is asked of the log, as it stands in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    #[serde(default)]
    /// The id of a user, or of a key of the API.
    pub actor: Option<String>,
    #[serde(default)]
    pub action: Option<String>,
    /// A kind of thing, or the id of one.
    #[serde(default)]
    pub entity: Option<String>,
    /// The first day, in UTC.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last day, in UTC.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// By the number of a row.
    #[serde(default)]
    pub place: Place<i64>,
    /// The row that is looked at closely.
    #[serde(default)]
    pub event: Option<AuditId>,
}

/// A page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub rows: Vec<AuditEntry>,
    /// Pages after it, if there are older rows.
    pub older: Option<i64>,
    /// Pages before it, if there are newer ones.
    pub newer: Option<i64>,
    /// Whose rows can be asked for.
    pub people: Vec<Person>,
    pub detail: Option<AuditEntry>,
    /// When it was read.
    pub now: DateTime<Utc>,
}

/// Somebody who may have done something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub name: String,
}

/// What is shown of the log where the plan has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How many rows there are.
    pub rows: u64,
    /// What the newest of them are about, and nothing else.
    pub newest: Vec<(String, DateTime<Utc>)>,
    /// When it was read.
    pub now: DateTime<Utc>,
}

/// The log as far as the plan shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    Open(Box<AuditPage>),
    Locked(Preview),
}

impl AuditQuery {
    /// From the values of an address; what can't be read isn't asked for.
    #[must_use]
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value(name).filter(|text| !text.is_empty());
        let number = |name: &str| text(name).and_then(|text| text.parse().ok());
        let day = |name: &str| text(name).and_then(|text| text.parse().ok());
        Self {
            actor: text("actor").filter(|id| actor(id).is_some()),
            action: text("action"),
            entity: text("entity"),
            from: day("from"),
            to: day("to"),
            place: Place::between(number("after"), number("before")),
            event: text("event").and_then(|id| id.parse().ok()),
        }
    }

    /// What it filters by, as it stands in an address.
    #[must_use]
    pub fn filters(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        [
            ("actor", self.actor.clone()),
            ("action", self.action.clone()),
            ("entity", self.entity.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// Whether anything could be found by it. What isn't, is looked for nowhere.
    #[must_use]
    pub fn is_answerable(&self) -> bool {
        let is_known = |action: &String| Event::ACTIONS.contains(&action.as_str());
        let is_thing =
            |entity: &String| KINDS.contains(&entity.as_str()) || self.entity_id().is_some();
        let is_actor = |_: &String| self.actor_id().is_some();
        let is_sane = |day: &NaiveDate| (1970..9999).contains(&day.year());
        self.action.as_ref().is_none_or(is_known)
            && self.actor.as_ref().is_none_or(is_actor)
            && self.entity.as_ref().is_none_or(is_thing)
            && self.from.iter().chain(&self.to).all(is_sane)
    }

    /// Whose rows it asks for.
    #[must_use]
    pub fn actor_id(&self) -> Option<Uuid> {
        actor(self.actor.as_deref()?)
    }

    /// The id that it asks for, if it asks for one thing.
    #[must_use]
    pub fn entity_id(&self) -> Option<Uuid> {
        let text = self.entity.as_deref()?;
        let ids = [
            text.parse().map(|id: ProjectId| id.0),
            text.parse().map(|id: EnvironmentId| id.0),
            text.parse().map(|id: DeploymentId| id.0),
            text.parse().map(|id: ApiKeyId| id.0),
            text.parse().map(|id: InvitationId| id.0),
            text.parse().map(|id: UserId| id.0),
            text.parse().map(|id: OrgId| id.0),
        ];
        ids.into_iter().find_map(Result::ok)
    }
}

/// When the day after begins.
#[must_use]
pub fn day_after(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_time(NaiveTime::MIN).and_utc()
}

/// The id of a user, or of a key of the API.
fn actor(text: &str) -> Option<Uuid> {
    let user = text.parse().map(|id: UserId| id.0);
    let key = text.parse().map(|id: ApiKeyId| id.0);
    user.or(key).ok()
}

/// The text of an actor's id, by what the actor is.
#[must_use]
pub fn actor_text(kind: &str, id: Uuid) -> String {
    match kind {
        "api_key" => ApiKeyId(id).to_string(),
        _ => UserId(id).to_string(),
    }
}

/// The text of an id, by the kind of thing that has it.
#[must_use]
pub fn entity_text(kind: &str, id: Uuid) -> String {
    match kind {
        "organization" => OrgId(id).to_string(),
        "project" => ProjectId(id).to_string(),
        "environment" => EnvironmentId(id).to_string(),
        "deployment" => DeploymentId(id).to_string(),
        "api_key" => ApiKeyId(id).to_string(),
        "invitation" => InvitationId(id).to_string(),
        "member" | "user" => UserId(id).to_string(),
        _ => id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> AuditQuery {
        AuditQuery::read(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_query_comes_back_from_its_address() {
        let user = UserId(Uuid::from_u128(7)).to_string();
        let asked = query(&[
            ("actor", &user),
            ("action", "project.created"),
            ("entity", "project"),
            ("from", "2026-11-01"),
            ("to", "2026-11-23"),
            ("after", "17"),
        ]);
        assert_eq!(asked.place, Place::After(17));
        let filters = asked.filters();
        let again: Vec<(&str, &str)> = filters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            query(&again),
            AuditQuery {
                place: Place::Newest,
                ..asked
            }
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_asked_for() {
        let nonsense = query(&[
            ("actor", "me"),
            ("from", "yesterday"),
            ("to", "2026-13-01"),
            ("after", "x"),
            ("event", "prj_1"),
            ("action", ""),
        ]);
        assert_eq!(nonsense, AuditQuery::default());
    }

    #[test]
    fn what_nothing_can_fit_is_looked_for_nowhere() {
        for (name, value) in [
            ("action", "x"),
            ("action", "project.created\0"),
            ("entity", "\0"),
            ("entity", "table"),
            ("from", "-262143-01-01"),
            ("to", "0000-01-01"),
        ] {
            assert!(!query(&[(name, value)]).is_answerable(), "{name}={value:?}");
        }
        let asked = [
            ("action", "project.created"),
            ("entity", "project"),
            ("to", "2026-11-23"),
        ];
        assert!(query(&asked).is_answerable() && query(&[]).is_answerable());
    }

    #[test]
    fn one_thing_is_asked_for_by_its_id() {
        let id = Uuid::from_u128(7);
        for kind in ["organization", "project", "invitation", "member"] {
            let text = entity_text(kind, id);
            assert_eq!(query(&[("entity", &text)]).entity_id(), Some(id), "{kind}");
        }
        assert_eq!(query(&[("entity", "project")]).entity_id(), None);
    }
}
