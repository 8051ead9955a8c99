//! The design that is common, to compare with: each connection has a loop of
//! its own, which asks the database every second and writes its own JSON.

use std::{collections::BTreeMap, convert::Infallible, sync::Arc, time::Duration};

use atrium::{
    entity::{organization, organization_member},
    id::{OrgId, OrgSlug, UserId},
    server::database::Database,
};
use axum::{
    Router,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, stream};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement, Value,
};
use serde_json::json;
use tokio::{net::TcpListener, time::sleep};

use crate::{node, support};

/// Has this program be a server of that design, on the port that follows.
pub const FLAG: &str = "--common-design";
pub const PATH: &str = "/stream";
/// How long a loop waits.
const EVERY: Duration = Duration::from_secs(1);

/// Whether somebody may still watch.
const MEMBER: &str =
    "SELECT role, 1 FROM organization_member WHERE organization_id = ? AND user_id = ?";
const PEOPLE: &str = "SELECT '', count(*) FROM presence WHERE organization_id = ? AND seen_at > ?";
const EVENTS: &str = "SELECT subject, sum(count) FROM rollup WHERE organization_id = ? \
     AND grain = 60 AND starts_at > ? AND measure = 'event' GROUP BY 1";
const PROJECTS: &str = "SELECT subject, sum(count) FROM rollup WHERE organization_id = ? \
     AND grain = 60 AND starts_at > ? AND measure = 'deployment' GROUP BY 1 ORDER BY 2 DESC LIMIT 5";
const CALLS: &str = "SELECT measure, sum(count) FROM rollup WHERE organization_id = ? \
     AND grain = 60 AND starts_at > ? AND measure = 'api_call' GROUP BY 1";
/// For a chart of the hour.
const MINUTES: &str = "SELECT CAST(starts_at AS TEXT), sum(count) FROM rollup \
     WHERE organization_id = ? AND grain = 60 AND starts_at > ? AND measure = 'event' GROUP BY 1";

struct Common {
    db: Database,
    organization: OrgId,
    user: UserId,
}

impl Common {
    async fn find() -> Self {
        let db = Database::connect(&support::config(&[])).await.unwrap();
        let all = db.unscoped("a bench");
        let slug = OrgSlug::parse("demo").unwrap();
        let demo = organization::Entity::find()
            .filter(organization::Column::Slug.eq(slug))
            .one(all)
            .await
            .unwrap()
            .unwrap();
        let member = organization_member::Entity::find()
            .filter(organization_member::Column::OrganizationId.eq(demo.id))
            .one(all)
            .await
            .unwrap()
            .unwrap();
        Self {
            organization: demo.id,
            user: member.user_id,
            db,
        }
    }

    /// Rows of a text and a number.
    async fn ask(&self, sql: &str, value: impl Into<Value>) -> Vec<(String, i64)> {
        let values: [Value; 2] = [self.organization.0.into(), value.into()];
        let asked = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let db = self.db.unscoped("a bench");
        // Whoever has to wait too long for a connection sees nothing this time.
        let rows = db.query_all_raw(asked).await.unwrap_or_default();
        let read = rows.iter().map(|row| {
            let text = row.try_get_by_index::<String>(0).unwrap();
            (text, row.try_get_by_index::<i64>(1).unwrap())
        });
        read.collect()
    }

    /// What one viewer is told.
    async fn told(&self) -> String {
        let now = Utc::now();
        let since = |minutes: i64| -> DateTime<Utc> { now - TimeDelta::minutes(minutes) };
        let hour = since(60).timestamp();
        let role = self.ask(MEMBER, self.user.0).await;
        let people = self.ask(PEOPLE, since(5)).await;
        let events: BTreeMap<_, _> = self.ask(EVENTS, hour).await.into_iter().collect();
        let projects = self.ask(PROJECTS, hour).await;
        let calls = self.ask(CALLS, since(2).timestamp()).await;
        let minutes = self.ask(MINUTES, hour).await;
        json!({
            "role": role.first(),
            "currentUsers": people.first(),
            "eventsLastHour": events,
            "topProjects": projects,
            "apiCallsPerMinute": calls.first(),
            "minutes": minutes,
            "timestamp": now,
        })
        .to_string()
    }
}

async fn live(
    State(common): State<Arc<Common>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let polls = stream::unfold((common, true), |(common, is_first)| async move {
        if !is_first {
            sleep(EVERY).await;
        }
        let event = Event::default().data(common.told().await);
        Some((Ok::<_, Infallible>(event), (common, false)))
    });
    Sse::new(polls).keep_alive(KeepAlive::default())
}

/// How many statements there were, counted and said as Atrium does.
async fn metrics(State(common): State<Arc<Common>>) -> String {
    format!("{} {}\n", node::STATEMENTS, common.db.statements())
}

/// Serves from the database in this folder, until it is stopped.
pub async fn serve(port: u16) {
    let router = Router::new()
        .route(PATH, get(live))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(Common::find().await));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, router).await.unwrap();
}
