//! What became of an event, for an operator to read.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::{
    billing::change::Alert,
    entity::stripe_event::{self, EventState},
    error::AppError,
    server::{database::WriteTx, services::Services},
};

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub state: EventState,
    pub note: Option<String>,
    pub is_alert: bool,
}

impl Settled {
    pub fn ignored(note: &str) -> Self {
        Self {
            state: EventState::Ignored,
            note: Some(note.to_owned()),
            is_alert: false,
        }
    }

    pub fn applied(alert: Option<&Alert>) -> Self {
        Self {
            state: EventState::Applied,
            note: alert.map(ToString::to_string),
            is_alert: alert.is_some(),
        }
    }
}

/// Whether nothing was made of an event yet.
pub async fn is_open(tx: &WriteTx, event: &str) -> Result<bool, AppError> {
    let open = stripe_event::Entity::find()
        .filter(stripe_event::Column::Id.eq(event))
        .filter(stripe_event::Column::State.eq(EventState::Pending))
        .count(&**tx)
        .await?;
    Ok(open > 0)
}

/// The kind of event that tells more than that something changed.
const TRIAL_ENDS: &str = "customer.subscription.trial_will_end";

/// What else waits to be told by the next look at the same subscription: who
/// looks after this sees all that they speak of.
pub async fn companions(services: &Services, subject: &str) -> Result<Vec<String>, AppError> {
    let db = services.db.unscoped("events are nobody's");
    Ok(stripe_event::Entity::find()
        .select_only()
        .column(stripe_event::Column::Id)
        .filter(stripe_event::Column::Subject.eq(subject))
        .filter(stripe_event::Column::State.eq(EventState::Pending))
        .filter(stripe_event::Column::Kind.ne(TRIAL_ENDS))
        .into_tuple()
        .all(db)
        .await?)
}

/// Settles an event that no tenant is changed by.
pub async fn settle(services: &Services, event: &str, settled: &Settled) -> Result<(), AppError> {
    let tx = services.db.write("an event that is no tenant's").await?;
    write(&tx, event, settled, services.clock.now()).await?;
    tx.commit().await
}

/// Settles an event in the transaction that does what follows from it.
pub async fn write(
    tx: &WriteTx,
    event: &str,
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    write_all(tx, vec![event.to_owned()], settled, now).await
}

/// The same, of several that were answered by one look.
pub async fn write_all(
    tx: &WriteTx,
    events: Vec<String>,
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if settled.is_alert {
        let event = events.first();
        let note = settled.note.as_deref();
        tracing::error!(event, note, "an event of Stripe has to be looked at");
    }
    stripe_event::Entity::update_many()
        .set(stripe_event::ActiveModel {
            state: Set(settled.state),
            note: Set(settled.note.clone()),
            is_alert: Set(settled.is_alert),
            settled_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(stripe_event::Column::Id.is_in(events))
        .filter(stripe_event::Column::State.eq(EventState::Pending))
        .exec(&**tx)
        .await?;
    Ok(())
}
