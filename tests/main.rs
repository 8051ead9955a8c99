//! The tests of the running program. They read as sentences over a world: a
//! program with a database of its own, people in roles, a clock that can be
//! moved, and the mail that was sent.
//!
//! They run on SQLite, and again on PostgreSQL where `TEST_DATABASE_URL` names
//! a server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod world;

mod accounts;
mod activity;
mod api;
mod audit;
mod backup;
mod billing;
mod callbacks;
mod canary;
mod catalog;
mod configuration;
mod contract;
mod doors;
mod enumeration;
mod events;
mod faults;
mod hostile;
mod invitations;
mod isolation;
mod large;
mod limits;
mod live;
mod migrations;
mod organizations;
mod outbox;
mod projects;
mod races;
mod ranks;
mod rooms;
mod routes;
mod rules;
mod s3;
mod seed;
mod sessions;
mod sign_up;
mod smtp;
mod team;
mod telemetry;
mod tenants;
mod wall;
