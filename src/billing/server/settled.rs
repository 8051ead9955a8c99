//! What became of an event, for an operator to read.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

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
    if settled.is_alert {
        let note = settled.note.as_deref();
        tracing::error!(event, note, "an event of Stripe has to be looked at");
    }
    stripe_event::Entity::update(stripe_event::ActiveModel {
        id: Set(event.to_owned()),
        state: Set(settled.state),
        note: Set(settled.note.clone()),
        is_alert: Set(settled.is_alert),
        settled_at: Set(Some(now)),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}
