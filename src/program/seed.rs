//! The demo: two organizations with people in every role, projects, and weeks
//! of believable history. Made once; afterwards it is only told of.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use clap::Args;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde::Serialize;
use uuid::Uuid;

use super::Failure;

mod organizations;
mod runs;

use crate::{
    access::{
        Role,
        server::{
            authn::Account,
            trail::{self, Actor},
        },
    },
    audit::model::{Event, MemberSnapshot, ProjectText},
    billing::{Plan, SubscriptionStatus},
    entity::{instance, organization, organization_member, organization_slug, project, user},
    error::AppError,
    id::{Email, InvitationId, OrgId, OrgSlug, ProjectId, UserId},
    identity::{model::DemoAccounts, server::demo},
    projects::model::search_key,
    server::{
        database::{Scope, WriteTx},
        services::Services,
    },
};
use organizations::{DEMO, DemoOrganization, RIVAL};
use runs::{ENVIRONMENTS, Runs};

/// Everyone's password in the demo.
pub const PASSWORD: &str = "atrium-demo-password";

#[derive(Clone, Copy, Debug, Args)]
pub struct Options {
    /// Print what there is as JSON
    #[arg(long)]
    json: bool,
    /// Do nothing if anyone has an account already
    #[arg(long)]
    if_empty: bool,
}

/// What `seed --json` prints.
#[derive(Debug, Serialize)]
pub struct Seeded {
    password: &'static str,
    organizations: Vec<SeededOrganization>,
}

#[derive(Debug, Serialize)]
struct SeededOrganization {
    slug: &'static str,
    emails: BTreeMap<&'static str, &'static str>,
    /// A new one with every scope: what is kept of a key can't be told.
    api_key: Option<String>,
}

/// # Errors
/// If the database fails.
pub async fn run(services: &Services, options: &Options) -> Result<(), Failure> {
    let there = demo::accounts(services).await?.is_some();
    let is_in_use = options.if_empty && has_people(services).await?;
    if !there && !is_in_use {
        make(services).await?;
        if !services.config.app_url().is_loopback() {
            eprintln!("atrium: whoever reaches this installation can sign in to the demo");
        }
        if !options.json {
            println!("Made the organizations demo and rival; everyone's password is {PASSWORD}");
        }
    } else if !options.json {
        println!("Nothing to do");
    }
    if options.json && (there || !is_in_use) {
        let keys = make_keys(services).await?;
        let seeded = Seeded {
            password: PASSWORD,
            organizations: [&DEMO, &RIVAL].map(|demo| told(demo, &keys)).into(),
        };
        println!(
            "{}",
            serde_json::to_string_pretty(&seeded).map_err(|error| Failure(error.to_string()))?
        );
    }
    Ok(())
}

fn told(demo: &DemoOrganization, keys: &BTreeMap<String, String>) -> SeededOrganization {
    let role = |role: Role| match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Member => "member",
        Role::Viewer => "viewer",
    };
    SeededOrganization {
        slug: demo.slug,
        api_key: keys.get(demo.slug).cloned(),
        emails: demo
            .people
            .iter()
            .map(|(at, email, _)| (role(*at), *email))
            .collect(),
    }
}

async fn has_people(services: &Services) -> Result<bool, AppError> {
    let db = services.db.unscoped("an empty database has no tenants");
    Ok(user::Entity::find().count(db).await? > 0)
}

/// Makes both organizations in one transaction.
///
/// # Errors
/// If the database fails, or somebody has one of the slugs or addresses.
pub async fn make(services: &Services) -> Result<(), AppError> {
    let hash = services.hasher.hash(PASSWORD.into()).await?;
    let now = services.clock.now();
    let tx = services.db.write("a seed makes tenants").await?;
    for demo in [&DEMO, &RIVAL] {
        plant(&tx, demo, &hash, now).await?;
    }
    let emails = [&DEMO, &RIVAL]
        .iter()
        .flat_map(|demo| demo.people)
        .map(|(_, email, _)| (*email).to_owned());
    let accounts = DemoAccounts {
        emails: emails.collect(),
        password: PASSWORD.to_owned(),
    };
    remember(&tx, demo::INSTANCE_KEY, &accounts).await?;
    tx.commit().await
}

/// A new key of each organization, by its slug.
async fn make_keys(services: &Services) -> Result<BTreeMap<String, String>, AppError> {
    let now = services.clock.now();
    let mut keys = BTreeMap::new();
    for demo in [&DEMO, &RIVAL] {
        let Some((_, email, _)) = demo.people.first() else {
            continue;
        };
        let slug = OrgSlug::from(demo.slug.to_owned());
        let db = services.db.read(Scope::Slug(slug.clone())).await?;
        let claim = organization_slug::Entity::find_by_id(slug).one(&db).await?;
        drop(db);
        let email = Email::parse(email).map_err(|error| AppError::internal(&error))?;
        let owner = user::Entity::find_by_email(&email)
            .one(services.db.unscoped("people are nobody's"))
            .await?;
        // Whoever changed the demo has one of their own.
        if let (Some(claim), Some(owner)) = (claim, owner) {
            let tx = services.db.write("a demo's own key").await?;
            tx.enter(Scope::Tenant(claim.organization_id)).await?;
            let owner = Account::from(owner);
            let key = runs::insert_key(&tx, claim.organization_id, &owner, now).await?;
            tx.commit().await?;
            keys.insert(demo.slug.to_owned(), key);
        }
    }
    Ok(keys)
}

async fn remember(tx: &WriteTx, key: &str, what: &impl Serialize) -> Result<(), AppError> {
    let value = serde_json::to_string(what).map_err(|error| AppError::internal(&error))?;
    instance::Entity::insert(instance::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

async fn plant(
    tx: &WriteTx,
    demo: &DemoOrganization,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let weeks_ago = now.checked_sub_days(Days::new(41)).unwrap_or(now);
    let organization = insert_organization(tx, demo, weeks_ago).await?;
    let mut people = Vec::new();
    for (role, email, name) in demo.people {
        people.push(insert_member(tx, organization, *role, email, name, hash, weeks_ago).await?);
    }
    let mut history = Vec::new();
    let founded = Event::OrganizationCreated {
        organization,
        name: demo.name.to_owned(),
        slug: demo.slug.to_owned(),
    };
    history.push((weeks_ago, 0, founded));
    history.extend(team_history(demo, &people, weeks_ago));
    for (place, (name, description)) in demo.projects.iter().enumerate() {
        let text = ProjectText {
            name: (*name).to_owned(),
            description: (*description).to_owned(),
        };
        let (id, done) = insert_project(tx, organization, place, text, weeks_ago, now).await?;
        let runs = Runs {
            organization,
            project: id,
            place,
            since: done.first().map_or(weeks_ago, |(at, ..)| *at),
            now,
            people: &people,
        };
        history.extend(runs.plant(tx, &ENVIRONMENTS).await?);
        // Viewers change nothing, so this is done by the others.
        let makers = people.len().saturating_sub(1).max(1);
        history.extend(
            done.into_iter()
                .map(|(at, who, event)| (at, who % makers, event)),
        );
    }
    history.sort_by_key(|(at, ..)| *at);
    for (at, who, event) in history {
        if let Some(account) = people.get(who) {
            trail::append(&**tx, organization, &Actor::absent(account), &event, at).await?;
        }
    }
    if demo.plan != Plan::Free {
        runs::insert_calls(tx, organization, now).await?;
    }
    Ok(())
}

/// How everyone but the founder came to be a member.
fn team_history(
    demo: &DemoOrganization,
    people: &[Account],
    since: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, usize, Event)> {
    let mut history = Vec::new();
    for (place, ((role, ..), account)) in demo.people.iter().zip(people).enumerate().skip(1) {
        let invitation = InvitationId::generate();
        let hours = i64::try_from(place).unwrap_or_default();
        let invited = Event::MemberInvited {
            invitation,
            email: account.email.clone(),
            role: *role,
        };
        history.push((since + TimeDelta::minutes(20 + hours), 0, invited));
        let member = MemberSnapshot {
            user: account.id,
            name: account.name.clone(),
            email: account.email.clone(),
            role: *role,
        };
        let accepted = Event::InvitationAccepted { invitation, member };
        history.push((since + TimeDelta::hours(2 * hours), place, accepted));
    }
    history
}

async fn insert_organization(
    tx: &WriteTx,
    demo: &DemoOrganization,
    at: DateTime<Utc>,
) -> Result<OrgId, AppError> {
    let id = OrgId::generate();
    tx.enter(Scope::Tenant(id)).await?;
    let slug = OrgSlug::from(demo.slug.to_owned());
    organization::Entity::insert(organization::ActiveModel {
        id: Set(id),
        name: Set(demo.name.to_owned()),
        slug: Set(slug.clone()),
        plan: Set(demo.plan),
        subscription_status: Set(if demo.plan == Plan::Free {
            SubscriptionStatus::None
        } else {
            SubscriptionStatus::Active
        }),
        cancel_at_period_end: Set(false),
        created_at: Set(at),
        updated_at: Set(at),
        ..Default::default()
    })
    .exec_without_returning(&**tx)
    .await?;
    organization_slug::Entity::insert(organization_slug::ActiveModel {
        slug: Set(slug),
        organization_id: Set(id),
        claimed_at: Set(at),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(id)
}

async fn insert_member(
    tx: &WriteTx,
    organization: OrgId,
    role: Role,
    email: &str,
    name: &str,
    hash: &str,
    at: DateTime<Utc>,
) -> Result<Account, AppError> {
    let email = Email::parse(email).map_err(|error| AppError::internal(&error))?;
    let person = user::Model {
        id: UserId::generate(),
        email,
        name: name.to_owned(),
        image: None,
        password_hash: Some(hash.to_owned()),
        password_set_at: None,
        email_verified_at: Some(at),
        created_at: at,
        updated_at: at,
    };
    user::Entity::insert(user::ActiveModel::from(person.clone()))
        .exec_without_returning(&**tx)
        .await?;
    organization_member::Entity::insert(organization_member::ActiveModel {
        id: Set(Uuid::now_v7()),
        organization_id: Set(organization),
        user_id: Set(person.id),
        role: Set(role),
        joined_at: Set(at),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(Account::from(person))
}

/// A project and what was done to it since, some days more than on others.
async fn insert_project(
    tx: &WriteTx,
    organization: OrgId,
    place: usize,
    text: ProjectText,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(ProjectId, Vec<(DateTime<Utc>, usize, Event)>), AppError> {
    let id = ProjectId::generate();
    let hours = i64::try_from(place).unwrap_or_default() * 73;
    let created = since + TimeDelta::hours(hours % 900 + 5);
    let mut history = vec![(
        created,
        place,
        Event::ProjectCreated {
            project: id,
            name: text.name.clone(),
        },
    )];
    let mut updated = created;
    for step in 1..=14_i64 {
        let at =
            created + TimeDelta::hours(step * (31 + hours % 17)) + TimeDelta::minutes(hours % 53);
        if at >= now {
            break;
        }
        updated = at;
        let before = ProjectText {
            name: text.name.clone(),
            description: format!("{} (draft {step})", text.description),
        };
        let who = place + usize::try_from(step).unwrap_or_default();
        history.push((
            at,
            who,
            Event::ProjectUpdated {
                project: id,
                before,
                after: text.clone(),
            },
        ));
    }
    project::Entity::insert(project::ActiveModel {
        id: Set(id),
        organization_id: Set(organization),
        name_folded: Set(search_key(&text.name)),
        name: Set(text.name),
        description: Set(text.description),
        created_at: Set(created),
        updated_at: Set(updated),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok((id, history))
}
