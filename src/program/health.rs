//! Whether the process runs, and whether it can do its work.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use migration::MigratorTrait;
use sea_orm::DbErr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::Failure;
use crate::{
    error::AppError,
    server::{
        database::{Database, role},
        services::Services,
    },
};

pub async fn healthz() -> &'static str {
    "ok\n"
}

pub async fn readyz(State(services): State<Services>) -> Response {
    match readiness(&services.db).await {
        Ok(0) => "ready\n".into_response(),
        Ok(pending) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("{pending} migrations are pending\n"),
        )
            .into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database is out of reach\n",
        )
            .into_response(),
    }
}

/// How many migrations are pending.
///
/// # Errors
/// `Unavailable` if the database doesn't answer.
pub async fn readiness(db: &Database) -> Result<usize, AppError> {
    db.ping().await?;
    let db = db.unscoped("the schema is nobody's");
    match migration::Migrator::get_pending_migrations_read_only(db).await {
        Ok(pending) => Ok(pending.len()),
        // Steps that this program doesn't know: a newer one is being rolled out.
        Err(DbErr::Custom(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// Whether the schema is the program's, and its role on PostgreSQL no more than
/// it may be.
///
/// # Errors
/// What to do about it.
pub async fn fit(services: &Services) -> Result<(), Failure> {
    let ready = readiness(&services.db).await;
    if let Ok(pending @ 1..) = ready {
        return Err(Failure(format!(
            "{pending} migrations are pending: run `atrium migrate up` first"
        )));
    }
    let faults = role::faults(&services.db).await?;
    if !faults.is_empty() {
        return Err(Failure(unfit(&faults)));
    }
    ready.map(drop).map_err(Failure::from)
}

/// What is wrong with the program's role, and the SQL that makes another.
#[must_use]
pub fn unfit(faults: &[String]) -> String {
    format!(
        "the role of DATABASE_URL doesn't keep tenants apart: {}. Make another, as a \
         superuser in the database: {} Then let DATABASE_URL name it, and MIGRATION_DATABASE_URL the role that owns \
         the tables.",
        faults.join("; "),
        role::remedy("atrium_app")
    )
}

/// Where a program can be asked that listens on an address.
fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    }
}

/// Asks the program that listens there whether it is ready.
///
/// # Errors
/// If it isn't.
pub async fn check(addr: SocketAddr) -> Result<(), Failure> {
    let asked = async {
        let mut socket = TcpStream::connect((reachable(addr.ip()), addr.port())).await?;
        socket
            .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = tokio::time::timeout(Duration::from_secs(5), asked)
        .await
        .map_err(|_| Failure("no answer within 5 s".into()))?
        .map_err(|error| Failure(error.to_string()))?;
    match answer.lines().next() {
        Some(status) if status.contains(" 200 ") => Ok(()),
        status => Err(Failure(format!(
            "not ready: {}",
            status.unwrap_or("no answer")
        ))),
    }
}
