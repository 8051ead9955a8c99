//! Atrium, a multi-tenant SaaS dashboard.
//!
//! The map of the rooms. Types, rules and words come first and are shared by
//! the server and the browser; the slices follow, each of which keeps what
//! belongs to one subject together; `server` and `access::server` are what
//! their use-cases stand on, and `program` puts it all together.

#![recursion_limit = "512"]

pub mod error;
pub mod flash;
pub mod id;
pub mod paging;
pub mod theme;
pub mod topic;
pub mod validate;

pub mod access;
pub mod audit;
pub mod billing;

pub mod analytics;
pub mod api_keys;
pub mod identity;
pub mod organizations;
pub mod projects;
pub mod reference;
pub mod team;
pub mod usage;

pub mod app;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod program;
#[cfg(feature = "ssr")]
pub mod public_api;
#[cfg(feature = "ssr")]
pub mod sandbox;
#[cfg(feature = "ssr")]
pub mod server;

/// What the bodies of server functions use. In the browser, where a body is a
/// call over HTTP, there is nothing.
pub mod border {
    #[cfg(feature = "ssr")]
    pub use crate::{
        access::{
            can,
            server::{authn::Credentials, door},
        },
        answer,
        flash::Toast,
        public_api::describe,
    };
}

/// Wakes the islands of the page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    ui::live::know(&[
        analytics::view::DASHBOARD,
        analytics::view::FIRST_PROJECT,
        billing::view::AWAIT_PLAN,
        analytics::view::FIRST_STEPS,
        organizations::view::PLAN_METER,
        organizations::view::PLAN_NEWS,
        projects::view::MOVES,
        ui::live::DOT,
        usage::view::GAUGE,
    ]);
    leptos::mount::hydrate_islands();
    ui::wake();
}
