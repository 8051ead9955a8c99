use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum EventState {
    /// It is to be looked at.
    Pending,
    /// All that follows from it is done.
    Applied,
    /// Nothing follows from it.
    Ignored,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_event")]
pub struct Model {
    /// Stripe's own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// What happened: `invoice.paid`.
    pub kind: String,
    /// The subscription or customer that is to be looked at, at Stripe.
    pub subject: Option<String>,
    /// As it came, to the byte.
    pub payload: String,
    pub state: EventState,
    pub attempts: i64,
    /// What is to be said of it to an operator.
    pub note: Option<String>,
    /// Whether an operator has to look at it.
    pub is_alert: bool,
    /// When Stripe made it.
    pub created_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    /// When it is to be looked at next.
    pub available_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
