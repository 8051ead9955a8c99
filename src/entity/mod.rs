//! One file per table: its columns, and nothing else.

pub mod api_key;
pub mod artifact_upload;
pub mod audit_chain;
pub mod audit_log;
pub mod billing_sync;
pub mod deployment;
pub mod environment;
pub mod idempotent_answer;
pub mod instance;
pub mod invitation;
pub mod known_browser;
pub mod mail_token;
pub mod organization;
pub mod organization_image;
pub mod organization_member;
pub mod organization_slug;
pub mod outbox;
pub mod project;
pub mod session;
pub mod storage;
pub mod stripe_event;
pub mod surplus_subscription;
pub mod throttle;
pub mod usage_day;
pub mod usage_record;
pub mod user;
