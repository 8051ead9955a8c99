//! A running program and the people who use it.

mod browser;
pub mod client;
mod database;
pub mod functions;
pub mod hold;
mod link;
mod log;
mod mail;
mod program;
mod runs;
pub mod stream;
pub mod stripe;
mod team;

use atrium::{
    access::Role,
    billing::{Plan, SubscriptionStatus},
    entity::{organization, organization_member, user},
    id::{Email, OrgId, OrgSlug, UserId},
    organizations::{api::CreateOrganization, model::NewOrganization},
    program::{
        migrate::{self, Migrate},
        serve::serve_on,
        site::Site,
        workers,
    },
    projects::model::NewProject,
    server::{
        clock::Clock, config::Config, database::Database, hash::Hasher, mail::Mailer,
        services::Services, store::Store, stripe::Stripe,
    },
};
use chrono::TimeDelta;
use clap::Parser;
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use browser::{Browser, Page, page};
pub use database::{Urls, create as empty_database};
use link::Link;
pub use program::Program;

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery";

pub struct World {
    pub url: String,
    pub services: Services,
    /// The database as whoever sees all of it has it, past the program.
    pub db: Database,
    pub urls: Urls,
    folder: TempDir,
    stop: CancellationToken,
}

#[derive(Parser)]
struct JustConfig {
    #[command(flatten)]
    config: Config,
}

impl World {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world whose program is configured in its own way.
    pub async fn with(options: &[&str]) -> Self {
        let (folder, urls) = somewhere().await;
        let program = urls.program.clone();
        let (world, listener) = Self::prepared(folder, urls, &program, options).await;
        world.serve(listener);
        world
    }

    /// A world whose program reaches its database by a link that can be cut.
    pub async fn with_link() -> (Self, Link) {
        let (folder, urls) = somewhere().await;
        let link = Link::to(&urls.program).await;
        let (world, listener) = Self::prepared(folder, urls, link.url(), &[]).await;
        world.serve(listener);
        (world, link)
    }

    /// A world in which nobody serves and no worker works.
    pub async fn at_rest() -> Self {
        let (folder, urls) = somewhere().await;
        let program = urls.program.clone();
        Self::prepared(folder, urls, &program, &[]).await.0
    }

    /// What has to be there before the program runs, made as an operator would.
    async fn prepared(
        folder: TempDir,
        urls: Urls,
        database: &str,
        options: &[&str],
    ) -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap().to_string();
        let mail = folder.path().join("mail");
        let mut line = vec!["--database-url", database, "--site-addr", &addr];
        line.extend(["--mail-dir", mail.to_str().unwrap()]);
        let storage = format!("file://{}", folder.path().join("artifacts").display());
        line.extend(["--storage-url", &storage]);
        line.extend(["--migration-database-url", &urls.owner]);
        line.extend(["--backup-database-url", &urls.all]);
        line.extend(options);
        let config = config(&line);
        migrate::run(&config, Migrate::Up).await.unwrap();
        let all = Database::connect_as_owner(&urls.all.parse().unwrap())
            .await
            .unwrap();
        let world = Self {
            url: format!("http://{addr}"),
            services: services(config).await,
            db: all,
            urls,
            folder,
            stop: CancellationToken::new(),
        };
        (world, listener)
    }

    /// All there is in the database, past the program.
    pub fn look(&self) -> &DatabaseConnection {
        self.db.unscoped("a test looks")
    }

    fn serve(&self, listener: TcpListener) {
        let (services, stop) = (self.services.clone(), self.stop.clone());
        tokio::spawn(async move { serve_on(listener, services, &site(), stop).await });
    }

    /// Someone with a browser, signed out.
    pub fn visitor(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// Someone with a confirmed account, signed in.
    pub async fn person(&self, email: &str) -> Browser {
        self.account(email).await;
        let browser = self.visitor();
        browser.sign_in(email, PASSWORD).await.unwrap();
        browser
    }

    /// A confirmed account.
    pub async fn account(&self, email: &str) -> UserId {
        let now = self.services.clock.now();
        let id = UserId::generate();
        let hash = self.services.hasher.hash(PASSWORD.into()).await.unwrap();
        let tx = self.db.write("a test makes people").await.unwrap();
        user::Entity::insert(user::ActiveModel {
            id: Set(id),
            email: Set(Email::parse(email).unwrap()),
            name: Set(email.split('@').next().unwrap().to_owned()),
            image: Set(None),
            password_hash: Set(Some(hash)),
            password_set_at: Set(None),
            email_verified_at: Set(Some(now)),
            created_at: Set(now),
            updated_at: Set(now),
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// An organization of that slug, with its owner.
    pub async fn owner_of(&self, slug: &str) -> Browser {
        let owner = self.person(&format!("owner@{slug}.test")).await;
        let new = NewOrganization {
            name: slug.to_uppercase(),
            slug: slug.to_owned(),
        };
        owner.call(CreateOrganization { new }).await.unwrap();
        owner
    }

    /// Someone in that role of an organization.
    pub async fn member_of(&self, slug: &str, role: Role) -> Browser {
        let email = format!("{}@{slug}.test", role.label().to_lowercase());
        let user = self.account(&email).await;
        self.join(slug, user, role).await;
        let browser = self.visitor();
        browser.sign_in(&email, PASSWORD).await.unwrap();
        browser
    }

    pub async fn join(&self, slug: &str, user: UserId, role: Role) {
        let organization = self.organization(slug).await;
        let tx = self.db.write("a test makes members").await.unwrap();
        organization_member::Entity::insert(organization_member::ActiveModel {
            id: Set(Uuid::now_v7()),
            organization_id: Set(organization.id),
            user_id: Set(user),
            role: Set(role),
            joined_at: Set(self.services.clock.now()),
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// Gives the organization a plan, as its subscription would.
    pub async fn put_on(&self, slug: &str, plan: Plan) {
        self.change(slug, |organization| organization.plan = Set(plan))
            .await;
    }

    /// Has the organization's subscription stand so.
    pub async fn let_stand(&self, slug: &str, status: SubscriptionStatus) {
        self.change(slug, |organization| {
            organization.subscription_status = Set(status);
        })
        .await;
    }

    async fn change(&self, slug: &str, change: impl FnOnce(&mut organization::ActiveModel)) {
        let mut organization = organization::ActiveModel {
            id: Set(self.organization(slug).await.id),
            ..Default::default()
        };
        change(&mut organization);
        let tx = self.db.write("a test changes organizations").await.unwrap();
        organization::Entity::update(organization)
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn organization(&self, slug: &str) -> organization::Model {
        use sea_orm::{ColumnTrait, QueryFilter};
        organization::Entity::find()
            .filter(organization::Column::Slug.eq(OrgSlug::parse(slug).unwrap()))
            .one(self.look())
            .await
            .unwrap()
            .expect("the organization")
    }

    /// What the audit log of an organization says, oldest first.
    pub async fn audit(&self, slug: &str) -> Vec<atrium::entity::audit_log::Model> {
        self.audit_of(self.organization(slug).await.id).await
    }

    /// The same, of one that may be deleted.
    pub async fn audit_of(&self, organization: OrgId) -> Vec<atrium::entity::audit_log::Model> {
        use atrium::entity::audit_log;
        use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
        audit_log::Entity::find()
            .filter(audit_log::Column::OrganizationId.eq(organization))
            .order_by_asc(audit_log::Column::Seq)
            .all(self.look())
            .await
            .unwrap()
    }

    /// Another node of the same program, and where it is reached.
    pub async fn another_node(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap().to_string();
        let mut config = self.services.config.clone();
        config.site_addr = addr.parse().unwrap();
        let (services, stop) = (services(config).await, self.stop.clone());
        tokio::spawn(async move { serve_on(listener, services, &site(), stop).await });
        format!("http://{addr}")
    }

    /// Where artifacts are kept.
    pub fn artifacts(&self) -> std::path::PathBuf {
        self.folder.path().join("artifacts")
    }

    /// Moves the clock on.
    pub fn wait(&self, by: TimeDelta) {
        self.services.clock.advance(by);
    }

    /// Delivers what is owed and due, where no worker does.
    pub async fn deliver(&self) {
        loop {
            let taken = atrium::server::outbox::take(&self.services, 10)
                .await
                .unwrap();
            if taken.is_empty() {
                return;
            }
            for lease in taken {
                lease.deliver(self.services.clone(), workers::deliver).await;
            }
        }
    }
}

/// The slug of the organization that most tests are about.
pub fn acme() -> OrgSlug {
    OrgSlug::parse("acme").unwrap()
}

/// A project as it is typed, with nothing said about it.
pub fn project(name: &str) -> NewProject {
    NewProject {
        name: name.into(),
        description: String::new(),
    }
}

/// A configuration, as from the command line.
pub fn config(options: &[&str]) -> Config {
    let line = ["atrium"].iter().chain(options);
    JustConfig::try_parse_from(line).unwrap().config
}

/// What a program has that is configured so.
pub async fn services(config: Config) -> Services {
    let db = Database::connect(&config).await.unwrap();
    let mailer = Mailer::new(&config).unwrap();
    let hasher = Hasher::new().unwrap();
    let store = Store::open(&config.storage_url).unwrap();
    let stripe = Stripe::new(&config.stripe).unwrap();
    Services::new(config, db, Clock::shifted(), hasher, mailer, store, stripe)
}

/// A folder, and an empty database that may lie in it.
async fn somewhere() -> (TempDir, Urls) {
    let folder = tempfile::tempdir().unwrap();
    let urls = database::create(folder.path()).await;
    (folder, urls)
}

/// As if nothing had been built for browsers.
pub fn site() -> Site {
    let leptos = leptos::config::LeptosOptions::builder()
        .output_name("atrium")
        .build();
    Site::of(leptos).unwrap()
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
        if self.services.db.is_postgres() {
            database::drop_from_server(&self.urls.all);
        }
    }
}
