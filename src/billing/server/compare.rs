//! One organization, locked, beside what Stripe says of it.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    apply::{Seen, Whose, nobodys},
    known,
    letters::{self, Told},
    settled::{self, Settled},
};
use crate::{
    access::server::{memberships, trail},
    audit::model::{BillingSnapshot, Event},
    billing::{
        BillingChange, SubscriptionStatus,
        change::{Alert, Billing, Birth, Ignored, StripeStatus, Subscription},
    },
    entity::organization,
    error::AppError,
    id::OrgId,
    server::{
        database::{Scope, WriteTx},
        outbox,
        services::Services,
        stripe::{Found, Owed},
    },
};

/// Compares under the lock. Whether it could: not if somebody else has since.
pub(super) async fn compare(
    services: &Services,
    whose: &Whose,
    found: &Found,
    seen: &Seen,
) -> Result<bool, AppError> {
    let tx = services.db.write("Stripe says it of any tenant").await?;
    tx.enter(Scope::Tenant(whose.organization)).await?;
    let Some(row) = memberships::lock(&tx, whose.organization).await? else {
        drop(tx);
        seen.settle(services, &nobodys(found)).await?;
        return Ok(true);
    };
    let sync = known::sync(&*tx, row.id).await?;
    if sync.version != whose.version {
        return Ok(false);
    }
    if let Some(event) = &seen.event
        && !settled::is_open(&tx, event).await?
    {
        return Ok(true);
    }
    let before = known::billing(&*tx, &row, &sync).await?;
    let change = BillingChange::between(&before, &found.subscription);
    let comparison = Comparison {
        tx: &tx,
        row: &row,
        before: &before,
        now: services.clock.now(),
        found,
    };
    let current = comparison.make(&change).await?;
    let is_news = !matches!(change, BillingChange::Ignored(_));
    if seen.trial_ends && is_news && found.subscription.status == StripeStatus::Trialing {
        comparison.tell(Told::TrialEnds).await?;
    }
    known::compared(&*tx, sync, current, Some(&found.subscription)).await?;
    if let Some(event) = &seen.event {
        let said = said_of(&change, &found.subscription);
        let events = seen.companions.iter().chain([event]).cloned().collect();
        settled::write_all(&tx, events, &said, comparison.now).await?;
    }
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(true)
}

fn said_of(change: &BillingChange, now: &Subscription) -> Settled {
    match change {
        BillingChange::Ignored(Ignored::UnknownStatus(status)) => {
            Settled::applied(Some(&Alert::UnknownStatus(status.clone())))
        }
        BillingChange::Ignored(Ignored::Stale) => Settled::ignored("ended long ago"),
        BillingChange::Ignored(Ignored::Foreign) => {
            Settled::ignored("not the subscription that the organization pays by")
        }
        BillingChange::Ignored(Ignored::GivenBack) => Settled::ignored("given back"),
        BillingChange::Unchanged
        | BillingChange::Becomes(_)
        | BillingChange::Surplus
        | BillingChange::Replaces(_) => Settled::applied(now.alert().as_ref()),
    }
}

/// One organization, locked, and what Stripe says of it.
struct Comparison<'a> {
    tx: &'a WriteTx,
    row: &'a organization::Model,
    before: &'a Billing,
    now: DateTime<Utc>,
    found: &'a Found,
}

impl Comparison<'_> {
    /// Makes the change, and gives the subscription that is paid by after it.
    async fn make(&self, change: &BillingChange) -> Result<Option<Birth>, AppError> {
        match change {
            BillingChange::Unchanged | BillingChange::Ignored(_) => {
                Ok(self.before.subscription.clone())
            }
            BillingChange::Becomes(after) => {
                self.turn(after).await?;
                Ok(after.subscription.clone())
            }
            BillingChange::Surplus => {
                self.give_back(&self.found.subscription.id).await?;
                Ok(self.before.subscription.clone())
            }
            BillingChange::Replaces(after) => {
                self.turn(after).await?;
                match &self.before.subscription {
                    Some(surplus) if after.surplus.contains(&surplus.id) => {
                        self.give_back(&surplus.id).await?;
                    }
                    Some(unpaid) => self.end(&unpaid.id).await?,
                    None => {}
                }
                Ok(after.subscription.clone())
            }
        }
    }

    async fn turn(&self, after: &Billing) -> Result<(), AppError> {
        self.adopt_customer().await?;
        known::write(&**self.tx, self.row.id, after, self.now).await?;
        self.note(&happened(self.row.id, self.before, after))
            .await?;
        match told(self.before, after) {
            Some(told) => self.tell(told).await,
            None => Ok(()),
        }
    }

    /// Of an organization that had none.
    async fn adopt_customer(&self) -> Result<(), AppError> {
        if self.row.stripe_customer_id.is_some() {
            return Ok(());
        }
        organization::Entity::update(organization::ActiveModel {
            id: Set(self.row.id),
            stripe_customer_id: Set(Some(self.found.customer.clone())),
            ..Default::default()
        })
        .exec(&**self.tx)
        .await?;
        Ok(())
    }

    async fn give_back(&self, subscription: &str) -> Result<(), AppError> {
        if !known::note_surplus(&**self.tx, self.row.id, subscription, self.now).await? {
            return Ok(());
        }
        self.end(subscription).await?;
        self.note(&Event::SecondSubscriptionGivenBack {
            organization: self.row.id,
            subscription: subscription.to_owned(),
        })
        .await?;
        self.tell(Told::GivenBack).await
    }

    /// Has a subscription canceled, and what was paid for it given back.
    async fn end(&self, subscription: &str) -> Result<(), AppError> {
        let owed = Owed::GiveBack {
            subscription: subscription.to_owned(),
        };
        outbox::post(&**self.tx, self.now, &owed).await
    }

    async fn note(&self, event: &Event) -> Result<(), AppError> {
        let actor = trail::Actor::stripe();
        trail::append(&**self.tx, self.row.id, &actor, event, self.now).await
    }

    async fn tell(&self, told: Told) -> Result<(), AppError> {
        letters::owe(self.tx, self.row.id, told, self.now).await
    }
}

/// What the audit log says of a change.
fn happened(organization: OrgId, before: &Billing, after: &Billing) -> Event {
    let was = BillingSnapshot::of(before);
    let is = BillingSnapshot::of(after);
    let is_unpaid = |status: SubscriptionStatus| {
        use SubscriptionStatus::{PastDue, Paused, Unpaid};
        matches!(status, PastDue | Unpaid | Paused)
    };
    match (is_unpaid(before.status), is_unpaid(after.status)) {
        _ if after.subscription.is_none() => Event::SubscriptionEnded {
            organization,
            before: was,
            after: is,
        },
        _ if before.subscription.is_none() => Event::SubscriptionStarted {
            organization,
            before: was,
            after: is,
        },
        (false, true) => Event::PaymentFailed {
            organization,
            before: was,
            after: is,
        },
        (true, false) => Event::PaymentRecovered {
            organization,
            before: was,
            after: is,
        },
        _ => Event::SubscriptionUpdated {
            organization,
            before: was,
            after: is,
        },
    }
}

/// What the owners are told of a change, by mail.
fn told(before: &Billing, after: &Billing) -> Option<Told> {
    use SubscriptionStatus::{Active, Canceled, PastDue, Paused, Unpaid};
    if before.status == after.status {
        return None;
    }
    match (before.status, after.status) {
        (_, PastDue) => Some(Told::PaymentFailed),
        (_, Unpaid | Paused) => Some(Told::Suspended),
        (_, Canceled) => Some(Told::Ended),
        (PastDue | Unpaid | Paused, Active) => Some(Told::Recovered),
        _ => None,
    }
}
