//! What can be asked of the program on the command line.

use std::{error::Error, process::ExitCode};

use clap::{Parser, Subcommand, error::ContextKind};

use super::{Failure, audit, backup, doctor, health, migrate, openapi, seed, serve, stripe, users};
use crate::{
    sandbox,
    server::{
        clock::Clock, config::Config, database::Database, hash::Hasher, mail::Mailer,
        services::Services, store::Store, stripe::Stripe, telemetry,
    },
};

#[derive(Debug, Parser)]
#[command(name = "atrium", version, about = "A multi-tenant SaaS dashboard")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard (the default)
    Serve,
    /// Bring the schema forward or back
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Make the demo organizations, unless they are there
    Seed(seed::Options),
    /// Manage accounts
    #[command(subcommand)]
    User(users::User),
    /// Look after the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Look after what Stripe told
    #[command(subcommand)]
    Stripe(stripe::Stripe),
    /// Write a copy of the database to a file, while the program runs
    Backup(backup::Options),
    /// Stand in for Stripe, on this machine: to try what is paid for without money
    Sandbox(sandbox::Options),
    /// Print the description of the public API, in OpenAPI 3.1
    Openapi,
    /// Check the configuration, the database, the storage and the mail folder
    Doctor,
    /// Ask a running program whether it is ready; for container health checks
    Healthcheck,
}

/// Runs what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        // Its own words repeat the line, which may hold a password.
        let why = match error {
            dotenvy::Error::LineParse(_, at) => format!("a line can't be read, at its byte {at}"),
            other => other.to_string(),
        };
        eprintln!("atrium: .env: {why}");
        return ExitCode::from(2);
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprintln!("atrium: {}", in_a_line(&error));
            return ExitCode::from(2);
        }
        Err(help) => {
            // A pager that was left before the end is no failure.
            help.print().ok();
            return ExitCode::SUCCESS;
        }
    };
    let telemetry = match telemetry::start(cli.config.collector.as_ref()) {
        Ok(telemetry) => telemetry,
        Err(error) => {
            eprintln!("atrium: {error}");
            return ExitCode::from(2);
        }
    };
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    let ended = run(cli);
    telemetry.stop();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(why)) => {
            eprintln!("atrium: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What is wrong with the command line or the environment. A value isn't
/// repeated: it may hold a password.
fn in_a_line(error: &clap::Error) -> String {
    if let (Some(argument), Some(why)) = (error.get(ContextKind::InvalidArg), error.source()) {
        return format!("{argument}: {why}");
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

#[tokio::main]
async fn run(cli: Cli) -> Result<(), Failure> {
    let command = cli.command.unwrap_or(Command::Serve);
    if matches!(command, Command::Healthcheck) {
        return health::check(cli.config.listen_addr()).await;
    }
    if let Command::Sandbox(options) = command {
        return sandbox::run(options).await.map_err(Failure);
    }
    let config = cli.config;
    match command {
        Command::Serve => serve::serve(open_prepared(config).await?).await,
        Command::Migrate(what) => migrate::run(&config, what).await,
        Command::Seed(options) => seed::run(&open_prepared(config).await?, &options).await,
        Command::User(what) => users::run(&open_prepared(config).await?, what).await,
        Command::Audit(what) => audit::run(&open_fit(config).await?, &what).await,
        Command::Stripe(what) => stripe::run(&open_fit(config).await?, what).await,
        Command::Backup(options) => backup::run(&config, &options).await,
        Command::Openapi => openapi::print(&config),
        Command::Doctor => doctor::run(&open(config).await?).await,
        Command::Healthcheck | Command::Sandbox(_) => Ok(()),
    }
}

/// Opens a database and brings its schema up to date where that is the
/// program's own business.
async fn open_prepared(config: Config) -> Result<Services, Failure> {
    migrate::prepare(&config).await?;
    open_fit(config).await
}

/// Opens a database whose schema is up to date, with a role that is no more
/// than it may be.
async fn open_fit(config: Config) -> Result<Services, Failure> {
    let services = open(config).await?;
    health::fit(&services).await?;
    Ok(services)
}

async fn open(config: Config) -> Result<Services, Failure> {
    let db = Database::connect(&config)
        .await
        .map_err(|error| Failure(format!("DATABASE_URL: {error}")))?;
    let hasher = Hasher::new()?;
    let mailer = Mailer::new(&config).map_err(|error| Failure(format!("SMTP_URL: {error}")))?;
    let store = Store::open(&config.storage_url)
        .map_err(|error| Failure(format!("STORAGE_URL: {error}")))?;
    let stripe = Stripe::new(&config.stripe).map_err(Failure)?;
    Ok(Services::new(
        config,
        db,
        Clock::System,
        hasher,
        mailer,
        store,
        stripe,
    ))
}
