//! The configuration: from the command line, the environment and `.env`, in
//! that order. A value that can't be right stops the start.

mod storage;
mod stripe;
mod urls;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use lettre::message::Mailbox;

use super::host::BaseDomain;

pub use storage::StorageUrl;
pub use stripe::{ApiBase, StripeConfig, StripeKey, WebhookSecret};
pub use urls::{AppUrl, CollectorUrl, DatabaseUrl, SmtpUrl};

#[derive(Args, Clone, Debug)]
pub struct Config {
    /// `sqlite://path` or `postgres://…`
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://data/atrium.db",
        hide_env_values = true,
        global = true
    )]
    pub database_url: DatabaseUrl,

    /// PostgreSQL: the role that owns the tables, for `atrium migrate` only
    #[arg(
        long,
        env = "MIGRATION_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    pub migration_database_url: Option<DatabaseUrl>,

    /// PostgreSQL: a role that reads all tenants, for `atrium backup` only
    #[arg(
        long,
        env = "BACKUP_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    pub backup_database_url: Option<DatabaseUrl>,

    /// The most connections to the database; 8 on SQLite and 16 on PostgreSQL if absent
    #[arg(long, env = "DATABASE_CONNECTIONS", value_parser = clap::value_parser!(u32).range(1..=1000), global = true)]
    pub database_connections: Option<u32>,

    /// The address to listen on
    #[arg(
        long,
        env = "LEPTOS_SITE_ADDR",
        default_value = "127.0.0.1:3000",
        global = true
    )]
    pub site_addr: SocketAddr,

    /// The port to listen on, in place of the address's own
    #[arg(long, env = "PORT", global = true)]
    pub port: Option<u16>,

    /// Where people reach the program: scheme and host, no path
    #[arg(long, env = "APP_URL", global = true)]
    pub app_url: Option<AppUrl>,

    /// The domain below which each organization has a host of its own
    #[arg(long, env = "BASE_DOMAIN", global = true)]
    pub base_domain: Option<BaseDomain>,

    /// `smtp://` or `smtps://`, with user and password; mail goes to files if absent
    #[arg(long, env = "SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<SmtpUrl>,

    /// The sender of all mail
    #[arg(
        long,
        env = "MAIL_FROM",
        default_value = "Atrium <noreply@localhost.localdomain>",
        global = true
    )]
    pub mail_from: Mailbox,

    /// The folder for mail where there is no SMTP server
    #[arg(long, env = "MAIL_DIR", default_value = "data/mail", global = true)]
    pub mail_dir: PathBuf,

    /// Where artifacts are kept: `file://path`, or `s3://bucket/prefix` with `AWS_…` beside it
    #[arg(
        long,
        env = "STORAGE_URL",
        default_value = "file://data/artifacts",
        global = true
    )]
    pub storage_url: StorageUrl,

    #[command(flatten)]
    pub stripe: StripeConfig,

    /// How many proxies of yours stand before the program
    #[arg(long, env = "TRUSTED_PROXY_HOPS", default_value_t = 0, global = true)]
    pub trusted_proxy_hops: usize,

    /// How many live views one person may have open, per node
    #[arg(long, env = "STREAMS_PER_USER", default_value_t = 200, global = true)]
    pub streams_per_user: usize,

    /// How many live views an organization may have open, per node
    #[arg(
        long,
        env = "STREAMS_PER_ORGANIZATION",
        default_value_t = 10_000,
        global = true
    )]
    pub streams_per_organization: usize,

    /// A collector of OpenTelemetry that takes traces over HTTP
    #[arg(
        long,
        env = "OTEL_EXPORTER_OTLP_ENDPOINT",
        hide_env_values = true,
        global = true
    )]
    pub collector: Option<CollectorUrl>,

    /// An address of its own for Prometheus metrics
    #[arg(long, env = "METRICS_ADDR", global = true)]
    pub metrics_addr: Option<SocketAddr>,
}

impl Config {
    /// The address to listen on, with the port that was asked for.
    #[must_use]
    pub fn listen_addr(&self) -> SocketAddr {
        let mut addr = self.site_addr;
        if let Some(port) = self.port {
            addr.set_port(port);
        }
        addr
    }

    /// The database as its owner reaches it.
    #[must_use]
    pub fn owner_url(&self) -> &DatabaseUrl {
        self.migration_database_url
            .as_ref()
            .unwrap_or(&self.database_url)
    }

    /// Where people reach the program.
    #[must_use]
    pub fn app_url(&self) -> AppUrl {
        self.app_url
            .clone()
            .unwrap_or_else(|| AppUrl::loopback(self.listen_addr().port()))
    }

    /// Whether this is someone's own machine: reached on loopback, and mail
    /// goes to files. Only then are the development pages served.
    #[must_use]
    pub fn is_development(&self) -> bool {
        self.smtp_url.is_none()
            && self.app_url().is_loopback()
            && self.listen_addr().ip().is_loopback()
    }
}
