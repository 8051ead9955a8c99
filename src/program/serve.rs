//! Serving: from the first connection to an orderly end.

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use super::{Failure, connections, router::router, site::Site, workers};
use crate::server::services::Services;

/// How long the workers may take to end once all connections are closed.
const WORKERS_GRACE: Duration = Duration::from_secs(1);

/// # Errors
/// What keeps it from serving, in one line.
pub async fn serve(services: Services) -> Result<(), Failure> {
    let addr = services.config.listen_addr();
    if services.config.app_url.is_none() && !addr.ip().is_loopback() {
        return Err(Failure(format!(
            "{addr} can be reached from elsewhere: set APP_URL to where people reach it"
        )));
    }
    let site = Site::find()?;
    connections::allow_many();
    if services.store.ping().await.is_err() {
        tracing::error!(
            url = %services.config.storage_url,
            "the storage doesn't answer: artifacts can neither be stored nor downloaded"
        );
    }
    if services.stripe.is_some() && services.config.stripe.stripe_webhook_secrets.is_empty() {
        tracing::error!("what is paid is never heard of: set STRIPE_WEBHOOK_SECRET");
    }
    if let Some(addr) = services.config.metrics_addr {
        PrometheusBuilder::new()
            .with_http_listener(addr)
            .install()
            .map_err(|error| Failure(format!("METRICS_ADDR {addr}: {error}")))?;
    }
    let listener = TcpListener::bind(addr)
        .await
        .map_err(|error| Failure(format!("{addr}: {error}")))?;
    tracing::info!(%addr, url = services.config.app_url().origin(), "serving");
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        signalled.cancel();
    });
    serve_on(listener, services, &site, stop).await;
    Ok(())
}

/// Serves on a socket until told to stop, then finishes what was begun.
pub async fn serve_on(
    listener: TcpListener,
    services: Services,
    site: &Site,
    stop: CancellationToken,
) {
    let answered = CancellationToken::new();
    let mut workers = workers::start(&services, &stop, &answered);
    let streams = send_away(services.clone(), stop.clone());
    tokio::spawn(streams);
    connections::accept(listener, router(&services, site), &stop).await;
    answered.cancel();
    let done = tokio::time::timeout(WORKERS_GRACE, async {
        while workers.join_next().await.is_some() {}
    });
    if done.await.is_err() {
        tracing::warn!(
            "the workers were still busy; what they didn't finish is taken up at the next start"
        );
    }
}

/// Has those who watch come back elsewhere: their streams would never end by
/// themselves.
async fn send_away(services: Services, stop: CancellationToken) {
    stop.cancelled().await;
    services.live.close();
}

async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
