//! Whether the process runs, and whether it can do its work.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use migration::MigratorTrait;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::Failure;
use crate::{
    error::AppError,
    server::{database::Database, services::Services},
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
    let pending =
        migration::Migrator::get_pending_migrations(db.unscoped("the schema is nobody's")).await?;
    Ok(pending.len())
}

/// Asks the program that listens there whether it is ready.
///
/// # Errors
/// If it isn't.
pub async fn check(addr: SocketAddr) -> Result<(), Failure> {
    let asked = async {
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, addr.port())).await?;
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
