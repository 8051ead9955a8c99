//! Every route, and the layers around them from the outermost to the
//! innermost.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{any, get, post},
};
use axum_login::{
    AuthManagerLayer, AuthManagerLayerBuilder,
    tower_sessions::{
        Expiry, SessionManagerLayer,
        cookie::{SameSite, time},
    },
};
use http::StatusCode;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    timeout::TimeoutLayer,
};

use super::{
    artifacts, dev, exports, files, forms, health, images, openapi, pages, refusal, rest,
    site::Site, stream, wall, webhook,
};
use crate::{
    access::server::{
        authn::Backend,
        session_store::{DbSessionStore, LIFETIME},
    },
    app::{App, shell},
    public_api,
    server::services::Services,
};

/// How long a page or a server function may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Of what is made anew for each request: a tenth smaller than the quickest, in
/// about the same time.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(3);

pub fn router(services: &Services, site: &Site) -> Router {
    let api = public_api::routes(services);
    let unhurried = api.files.merge(signed_unhurried(services));
    let routes = Router::new()
        .merge(signed(services, site))
        .merge(api.soon)
        .route("/api/openapi.json", get(openapi::document))
        .route(
            "/api/stripe/webhook",
            post(webhook::receive).layer(DefaultBodyLimit::max(webhook::MOST)),
        )
        .route("/api", any(refusal::no_such_address))
        .route("/api/", any(refusal::no_such_address))
        .route("/api/{*rest}", any(refusal::no_such_address))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz));
    let routes = if services.config.is_development() {
        routes.merge(dev::router())
    } else {
        routes
    };
    walled(
        routes.with_state(services.clone()),
        unhurried.with_state(services.clone()),
        services,
        site,
    )
}

/// The routes, those that take as long as they take, and the static files, behind the outer wall.
pub fn walled(routes: Router, unhurried: Router, services: &Services, site: &Site) -> Router {
    routes
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            TIMEOUT,
        ))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .merge(unhurried)
        .merge(files::router(site))
        .layer(middleware::from_fn(rest::read_on))
        .layer(middleware::from_fn_with_state(
            services.clone(),
            wall::same_origin,
        ))
        .layer(CatchPanicLayer::custom(wall::panicked))
        .layer(middleware::from_fn(wall::explain_faults))
        .layer(middleware::from_fn_with_state(
            services.clone(),
            wall::harden,
        ))
        .layer(middleware::from_fn_with_state(
            services.clone(),
            wall::identify,
        ))
}

/// Whatever may know who is signed in: pages, server functions, images.
fn signed(services: &Services, site: &Site) -> Router<Services> {
    let (leptos, for_shell) = (&site.leptos, site.leptos.clone());
    let page = move || shell(for_shell.clone());
    let site = site.clone();
    let context = move || pages::provide_page_context(&site);
    let unknown = render_app_async_with_context(context.clone(), page.clone());
    let signed_in = sessions(services);
    let leptos_routes = Router::new()
        .leptos_routes_with_context(leptos, generate_route_list(App), context, page)
        .fallback(unknown);
    leptos_routes
        .layer(middleware::from_fn_with_state(
            services.clone(),
            forms::around_functions,
        ))
        .layer(middleware::from_fn_with_state(
            services.clone(),
            pages::clear_flash,
        ))
        .route("/app/{org}/image/{digest}", get(images::organization_image))
        .route("/api/app/{org}/audit.csv", get(exports::csv))
        .route("/api/app/{org}/audit.jsonl", get(exports::json_lines))
        .layer(signed_in)
        .with_state(leptos.clone())
}

/// What takes as long as it takes, for people.
fn signed_unhurried(services: &Services) -> Router<Services> {
    Router::new()
        .route(
            "/api/app/{org}/deployments/{deployment}/artifact",
            get(artifacts::download).post(artifacts::store),
        )
        .route("/api/app/{org}/stream", get(stream::stream))
        .layer(DefaultBodyLimit::disable())
        .layer(sessions(services))
}

/// Tells who is signed in, by the cookie of a session.
fn sessions(services: &Services) -> AuthManagerLayer<Backend, DbSessionStore> {
    let sessions = SessionManagerLayer::new(DbSessionStore::new(services.clone()))
        .with_name(session_cookie(services))
        .with_secure(services.config.app_url().is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(
            LIFETIME.num_seconds(),
        )));
    AuthManagerLayerBuilder::new(Backend::new(services.clone()), sessions).build()
}

/// On https the name itself keeps other hosts of the domain from setting it.
fn session_cookie(services: &Services) -> &'static str {
    if services.config.app_url().is_https() {
        "__Host-atrium"
    } else {
        "atrium_session"
    }
}
