//! What the use-cases stand on: configuration, database, clock, hashes, mail,
//! the outbox and what is known of a request. It knows no use-case.

pub mod api_secret;
pub mod clock;
pub mod config;
pub mod database;
pub mod disposition;
pub mod fault;
pub mod flash;
pub mod hash;
pub mod host;
pub mod live;
pub mod mail;
pub mod meter;
pub mod outbox;
pub mod pace;
pub mod paging;
pub mod places;
pub mod presence;
pub mod problem;
pub mod range;
pub mod request;
pub mod rollup;
pub mod search;
pub mod services;
pub mod store;
pub mod stripe;
pub mod telemetry;
pub mod throttle;
pub mod token;
