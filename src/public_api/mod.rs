//! The public API: JSON over HTTP, for programs with a key. Its handlers call
//! the same use-cases as the pages, with the same grants.

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::any};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::server::services::Services;

mod answer;
mod around;
mod artifacts;
mod body;
mod cursor;
mod deployments;
pub mod document;
mod environments;
mod key;
mod list;
mod once;
mod organization;
mod patterns;
mod problem;
mod projects;
mod reference;

pub use artifacts::download;
pub use reference::describe;

/// Where it is.
pub const BASE: &str = "/api/v1";

/// The largest body of JSON that is taken, in bytes.
pub const BODY_MAX: usize = 64 * 1024;

/// The routes that answer soon, and those that files go through, which take as
/// long as they take.
pub struct Routes {
    pub soon: Router<Services>,
    pub files: Router<Services>,
}

/// All routes.
#[must_use]
pub fn routes(services: &Services) -> Routes {
    let wrapped = |router: Router<Services>| {
        router.layer(middleware::from_fn_with_state(
            services.clone(),
            around::around,
        ))
    };
    let (soon, _) = described().split_for_parts();
    let (files, _) = described_files().split_for_parts();
    Routes {
        soon: wrapped(
            soon.route("/api/v1", any(around::nothing_here))
                .route("/api/v1/", any(around::nothing_here))
                .route("/api/v1/{*rest}", any(around::nothing_here))
                .layer(DefaultBodyLimit::max(BODY_MAX)),
        ),
        files: wrapped(files.layer(DefaultBodyLimit::disable())),
    }
}

fn described() -> OpenApiRouter<Services> {
    let at_base = OpenApiRouter::new()
        .routes(routes!(organization::get_organization))
        .routes(routes!(organization::list_members))
        .routes(routes!(organization::get_usage))
        .routes(routes!(organization::list_audit_logs))
        .routes(routes!(projects::list_projects, projects::create_project))
        .routes(routes!(
            projects::get_project,
            projects::update_project,
            projects::delete_project
        ))
        .routes(routes!(
            environments::list_environments,
            environments::create_environment
        ))
        .routes(routes!(
            environments::get_environment,
            environments::update_environment,
            environments::delete_environment
        ))
        .routes(routes!(
            deployments::list_deployments,
            deployments::create_deployment
        ))
        .routes(routes!(
            deployments::get_deployment,
            deployments::update_deployment
        ));
    OpenApiRouter::new().nest(BASE, at_base)
}

fn described_files() -> OpenApiRouter<Services> {
    let at_base = OpenApiRouter::new().routes(routes!(
        artifacts::get_artifact,
        artifacts::put_artifact,
        artifacts::delete_artifact
    ));
    OpenApiRouter::new().nest(BASE, at_base)
}
