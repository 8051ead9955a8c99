//! `atrium sandbox`: a local stand-in for the part of Stripe's HTTP API that
//! Atrium uses. It has a till with a card form, a portal, invoices, signed
//! webhooks, and a clock that can be set forward. No money moves.

mod api;
mod books;
mod control;
mod desk;
mod hooks;
mod ids;
mod life;
mod local;
mod moment;
mod pages;
mod refusal;
mod render;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, path::PathBuf};

use axum::{Router, middleware};
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use desk::Desk;

/// Where the sandbox listens, and whom it tells.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Where the sandbox listens
    #[arg(long, env = "SANDBOX_ADDR", default_value = "127.0.0.1:3010")]
    pub listen: SocketAddr,
    /// Where it sends its events
    #[arg(
        long,
        env = "SANDBOX_WEBHOOK_URL",
        default_value = "http://127.0.0.1:3000/api/stripe/webhook"
    )]
    pub webhook_url: String,
    /// What it signs them with
    #[arg(long, env = "SANDBOX_WEBHOOK_SECRET", default_value = "whsec_sandbox")]
    pub webhook_secret: String,
    /// The file that keeps everything
    #[arg(long, env = "SANDBOX_DATA", default_value = "data/sandbox.json")]
    pub data: PathBuf,
}

/// What a sandbox needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where events go. Without it they are only listed.
    pub webhook_url: Option<String>,
    pub webhook_secret: String,
    /// Where everything is kept. Without it, it is forgotten in the end.
    pub data: Option<PathBuf>,
}

/// Serves until the program is told to stop.
///
/// # Errors
/// If the address is taken, or the file can't be read.
pub async fn run(options: Options) -> Result<(), String> {
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("{}: {error}", options.listen))?;
    let settings = Settings {
        webhook_url: Some(options.webhook_url).filter(|url| !url.is_empty()),
        webhook_secret: options.webhook_secret,
        data: Some(options.data),
    };
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        told.cancel();
    });
    Sandbox::serve(listener, settings, stop).await
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// A running sandbox.
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Serves on a listener until told to stop.
    ///
    /// # Errors
    /// If the file can't be read, or nothing can be sent from here.
    pub async fn serve(
        listener: TcpListener,
        settings: Settings,
        stop: CancellationToken,
    ) -> Result<(), String> {
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let desk = Desk::open(settings.data)?;
        let client = hooks::client()?;
        desk.change(|books| {
            books.base = base(address);
            books.webhook.url = settings.webhook_url;
            books.webhook.secret = settings.webhook_secret;
        });
        tracing::info!(address = %base(address), "the sandbox is open");
        let posting = tokio::spawn(hooks::work(desk.clone(), client, stop.clone()));
        let served = axum::serve(listener, router(desk))
            .with_graceful_shutdown(stop.clone().cancelled_owned())
            .await;
        stop.cancel();
        let _ended = posting.await;
        served.map_err(|error| error.to_string())
    }
}

/// Where a browser on this machine finds what listens there.
fn base(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

fn router(desk: Desk) -> Router {
    let operator = control::router()
        .merge(pages::operator_router())
        .layer(middleware::from_fn(local::only_here));
    Router::new()
        .merge(api::router())
        .merge(pages::router())
        .merge(operator)
        .with_state(desk)
}
