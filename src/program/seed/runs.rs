//! Environments, deployments, calls and keys of the demo.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{
    access::{KeyScope, KeyScopes, server::authn::Account},
    audit::model::Event,
    entity::{api_key, deployment, environment, usage_day, usage_record},
    error::AppError,
    id::{ApiKeyId, DeploymentId, EnvironmentId, OrgId, ProjectId},
    projects::model::{DeploymentStatus, DeploymentText, PRODUCTION},
    server::{
        api_secret,
        database::WriteTx,
        rollup::{self, Counted},
        token,
    },
    usage::model::Period,
};

/// What was deployed, as people write it.
const MESSAGES: [&str; 9] = [
    "Faster first page",
    "Fix rounding of totals",
    "Retry failed webhooks",
    "New empty states",
    "Update dependencies",
    "Search by part number",
    "Smaller images",
    "Clearer errors at checkout",
    "Keep the cart after sign-in",
];

/// For how many days back the demo has called the API.
const DAYS_OF_CALLS: u64 = 40;

/// A project that the demo deploys.
pub struct Runs<'a> {
    pub organization: OrgId,
    pub project: ProjectId,
    /// Which one it is, from which all else follows.
    pub place: usize,
    pub since: DateTime<Utc>,
    pub now: DateTime<Utc>,
    pub people: &'a [Account],
}

impl Runs<'_> {
    /// Makes environments and deployments, and gives what the log says of them.
    pub async fn plant(
        &self,
        tx: &WriteTx,
        names: &[&str],
    ) -> Result<Vec<(DateTime<Utc>, usize, Event)>, AppError> {
        let mut history = Vec::new();
        for (nth, name) in names.iter().enumerate() {
            let id = EnvironmentId::generate();
            self.insert_environment(tx, id, name).await?;
            for step in 0..4 {
                let run = nth * 4 + step;
                let Some(at) = self.at(run) else { continue };
                let who = (self.place + run) % self.people.len().saturating_sub(1).max(1);
                let row = self.row(id, run, who, at);
                history.push((
                    at,
                    who,
                    Event::DeploymentCreated {
                        deployment: row.id,
                        project: self.project,
                        environment: (*name).to_owned(),
                        commit: row.commit_sha.clone(),
                    },
                ));
                deployment::Entity::insert(deployment::ActiveModel::from(row))
                    .exec_without_returning(&**tx)
                    .await?;
            }
        }
        Ok(history)
    }

    async fn insert_environment(
        &self,
        tx: &WriteTx,
        id: EnvironmentId,
        name: &str,
    ) -> Result<(), AppError> {
        environment::Entity::insert(environment::ActiveModel {
            id: Set(id),
            organization_id: Set(self.organization),
            project_id: Set(self.project),
            name: Set(name.to_owned()),
            created_at: Set(self.since),
            updated_at: Set(self.since),
        })
        .exec_without_returning(&**tx)
        .await?;
        Ok(())
    }

    /// The last ones are of today; those before are days apart.
    fn at(&self, run: usize) -> Option<DateTime<Utc>> {
        let (run, place) = (i64::try_from(run).ok()?, i64::try_from(self.place).ok()?);
        let back =
            TimeDelta::hours((7 - run) * 41 + place * 3) + TimeDelta::minutes(place * 17 + 4);
        Some(self.now - back).filter(|at| *at > self.since)
    }

    fn row(
        &self,
        environment: EnvironmentId,
        run: usize,
        who: usize,
        at: DateTime<Utc>,
    ) -> deployment::Model {
        let seed = self.place * 8 + run;
        let text = DeploymentText {
            commit_sha: Some(commit(seed)),
            git_ref: Some(if run < 4 {
                "main".into()
            } else {
                format!("feature/{seed}")
            }),
            message: MESSAGES
                .get(seed % MESSAGES.len())
                .map(|text| (*text).to_owned()),
            url: None,
        };
        let status = match seed % 9 {
            4 => DeploymentStatus::Failed,
            7 => DeploymentStatus::Canceled,
            _ => DeploymentStatus::Ready,
        };
        let took = TimeDelta::seconds(i64::try_from(40 + seed * 13 % 200).unwrap_or(60));
        let creator = self.people.get(who);
        deployment::Model {
            id: DeploymentId::generate(),
            organization_id: self.organization,
            project_id: self.project,
            environment_id: environment,
            status,
            search_text: text.search_text(),
            commit_sha: text.commit_sha,
            git_ref: text.git_ref,
            message: text.message,
            url: text.url,
            creator_type: "user".to_owned(),
            creator_id: creator.map(|creator| creator.id.0).unwrap_or_default(),
            creator_name: creator
                .map(|creator| creator.name.clone())
                .unwrap_or_default(),
            created_at: at,
            updated_at: at + took,
            started_at: Some(at + TimeDelta::seconds(5)),
            finished_at: Some(at + took),
            artifact_name: None,
            artifact_type: None,
            artifact_bytes: 0,
            artifact_sha256: None,
            artifact_location: None,
        }
    }
}

/// As random as a commit's hash looks.
fn commit(seed: usize) -> String {
    let hash = token::hash(format!("commit {seed}"));
    token::hex(hash.iter().take(20))
}

/// What every project begins with, and what most have besides.
pub const ENVIRONMENTS: [&str; 2] = [PRODUCTION, "preview"];

/// Makes a key with every scope, and gives it.
pub async fn insert_key(
    tx: &WriteTx,
    organization: OrgId,
    owner: &Account,
    at: DateTime<Utc>,
) -> Result<String, AppError> {
    let key = api_secret::generate()?;
    let shown = |from: usize, to: usize| key.get(from..to).unwrap_or_default().to_owned();
    api_key::Entity::insert(api_key::ActiveModel {
        id: Set(ApiKeyId::generate()),
        organization_id: Set(organization),
        name: Set("Demo".to_owned()),
        prefix: Set(shown(0, api_secret::PREFIX.len() + 4)),
        last_four: Set(shown(key.len().saturating_sub(4), key.len())),
        hash: Set(token::hash(&key)),
        scopes: Set(KeyScopes::of(KeyScope::ALL)),
        created_by: Set(owner.id),
        created_at: Set(at),
        expires_at: Set(None),
        last_used_at: Set(None),
        replaced_at: Set(None),
        revoked_at: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(key)
}

/// Makes weeks of calls: fewer at weekends, and few at night.
pub async fn insert_calls(
    tx: &WriteTx,
    organization: OrgId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let period = Period::of(now);
    let mut this_month = 0;
    for back in (0..DAYS_OF_CALLS).rev() {
        let Some(day) = now.date_naive().checked_sub_days(Days::new(back)) else {
            continue;
        };
        let calls = insert_calls_of(tx, organization, day, now).await?;
        if day >= period.start().date_naive() {
            this_month += calls;
        }
        usage_day::Entity::insert(usage_day::ActiveModel {
            organization_id: Set(organization),
            day: Set(day.to_string()),
            api_calls: Set(calls.cast_signed()),
        })
        .exec_without_returning(&**tx)
        .await?;
    }
    usage_record::Entity::insert(usage_record::ActiveModel {
        organization_id: Set(organization),
        period: Set(period.name()),
        api_calls: Set(this_month.cast_signed()),
        ..Default::default()
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// Makes the calls of a day, as far as it is over, and tells how many.
async fn insert_calls_of(
    tx: &WriteTx,
    organization: OrgId,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    let is_weekend = day.weekday().number_from_monday() > 5;
    let mut calls = 0;
    let mut at = day.and_time(NaiveTime::MIN).and_utc();
    while at.date_naive() == day && at <= now {
        let hour = u64::from(at.hour());
        let by_day = if (7..20).contains(&hour) && !is_weekend {
            60
        } else {
            12
        };
        let of_hour = by_day + (u64::from(day.ordinal()) * 137 + hour * 61) % 37;
        // Of the last two hours each minute is shown by itself.
        let is_recent = now - at < TimeDelta::hours(3);
        let (times, step) = if is_recent {
            let rest = u64::from(at.minute()) * 7 % 3;
            (of_hour / 60 + rest, TimeDelta::minutes(1))
        } else {
            (of_hour, TimeDelta::hours(1))
        };
        rollup::count(&**tx, organization, at, &[(Counted::ApiCall, times)]).await?;
        calls += times;
        at += step;
    }
    Ok(calls)
}
