//! Paying, against a Stripe of our own.

mod authorization;
mod changes;
mod crash;
mod lifecycle;
mod log;
mod outage;
mod permutations;
mod races;
mod shape;
mod signatures;
mod staleness;
mod unset;
