//! The program: its command line, its router and its workers, put together
//! from all the other rooms.

mod artifacts;
mod audit;
pub mod backup;
mod cli;
mod connections;
pub mod dev;
mod doctor;
pub mod exports;
pub mod files;
pub mod forms;
pub mod health;
pub mod images;
pub mod migrate;
pub mod openapi;
pub mod pages;
pub mod refusal;
mod rest;
pub mod router;
pub mod seed;
pub mod serve;
pub mod site;
mod stream;
mod stripe;
mod users;
pub mod wall;
mod webhook;
pub mod workers;

pub use cli::main;

/// Why the program couldn't do what it was asked, in one line.
#[derive(Debug)]
pub struct Failure(pub String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<crate::error::AppError> for Failure {
    fn from(error: crate::error::AppError) -> Self {
        Self(error.words())
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        Self(error.to_string())
    }
}
