//! Static files: what the build made, compressed beforehand and never changing
//! under its name, and what is served as it lies there.

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, VARY},
};
use tower_http::services::{ServeDir, ServeFile};

use super::site::Site;

/// A file whose name changes with its content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A file whose name stays.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

pub fn router<S: Clone + Send + Sync + 'static>(site: &Site) -> Router<S> {
    let root = site.root();
    let folder = |name: &str| {
        ServeDir::new(format!("{root}/{name}"))
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip()
    };
    let built = Router::new()
        .nest_service("/pkg", folder(&site.leptos.site_pkg_dir))
        .layer(middleware::from_fn(|request, next| {
            keep(request, next, FOREVER)
        }));
    let plain = Router::new()
        .nest_service("/fonts", folder("fonts"))
        .nest_service("/images", folder("images"))
        .route_service(
            "/favicon.svg",
            ServeFile::new(format!("{root}/favicon.svg")),
        )
        .route_service(
            "/favicon.ico",
            ServeFile::new(format!("{root}/favicon.svg")),
        )
        .route_service("/robots.txt", ServeFile::new(format!("{root}/robots.txt")))
        .layer(middleware::from_fn(|request, next| {
            keep(request, next, A_DAY)
        }));
    built.merge(plain)
}

async fn keep(request: Request, next: Next, how_long: HeaderValue) -> Response {
    let mut response = next.run(request).await;
    if matches!(
        response.status(),
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT
    ) {
        response.headers_mut().insert(CACHE_CONTROL, how_long);
        response
            .headers_mut()
            .insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}
