//! Bringing an organization to the state that Stripe has.
//!
//! Stripe is asked before the organization is locked, for nobody may wait for
//! Stripe with a lock in hand. Whoever compares counts; if somebody else has
//! compared since, what was read may be older than what they read, and is read
//! again.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    compare::compare,
    customer,
    event::Subject,
    known,
    settled::{self, Settled, settle},
};
use crate::{
    entity::{organization, stripe_event},
    error::AppError,
    id::OrgId,
    server::{
        database::Scope,
        services::Services,
        stripe::{Found, Refused, Stripe},
    },
};

/// How often it is read again because somebody else was quicker.
const TRIES: usize = 8;

/// Does all that follows from an event, and notes that it is done.
///
/// # Errors
/// `StripeUnavailable`, `Unavailable`: it is to be tried again then.
pub(super) async fn event(
    services: &Services,
    stripe: &Stripe,
    event: &stripe_event::Model,
) -> Result<(), AppError> {
    match Subject::of(&event.kind, &event.payload) {
        Subject::Nothing => {
            settle(services, &event.id, &Settled::ignored("not about a plan")).await
        }
        Subject::Customer(customer) => customer::deleted(services, stripe, &customer, event).await,
        Subject::Subscription {
            id,
            customer,
            trial_ends,
        } => {
            let seen = Seen {
                event: Some(event.id.clone()),
                companions: Vec::new(),
                trial_ends,
            };
            subscription(services, stripe, &id, customer, seen).await
        }
    }
}

/// Compares at once, after something was changed on behalf of a person. An
/// event says the same a moment later, and changes nothing more.
///
/// # Errors
/// `StripeUnavailable`, `Unavailable`.
pub async fn now(services: &Services, stripe: &Stripe, id: &str) -> Result<(), AppError> {
    subscription(services, stripe, id, None, Seen::default()).await
}

/// Why it is compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub event: Option<String>,
    /// Other events that are answered by the same look.
    pub companions: Vec<String>,
    pub trial_ends: bool,
}

async fn subscription(
    services: &Services,
    stripe: &Stripe,
    id: &str,
    customer: Option<String>,
    mut seen: Seen,
) -> Result<(), AppError> {
    let mut customer = customer;
    for _ in 0..TRIES {
        if seen.event.is_some() {
            seen.companions = settled::companions(services, id).await?;
            if seen.is_answered() {
                return Ok(());
            }
        }
        let whose = match &customer {
            Some(customer) => of_customer(services, customer).await?,
            None => None,
        };
        let found = match stripe.subscription(id).await {
            Err(Refused::Missing) => {
                let none = Settled::ignored("Stripe has no such subscription");
                return seen.settle(services, &none).await;
            }
            found => found?,
        };
        let whose = match whose {
            Some(whose) if customer.as_ref() == Some(&found.customer) => Some(whose),
            // Said to be another's: whose it is has to be known before it is read.
            _ if customer.as_ref() != Some(&found.customer) => {
                customer = Some(found.customer);
                continue;
            }
            _ => made_for(services, &found).await?,
        };
        let Some(whose) = whose else {
            return seen.settle(services, &nobodys(&found)).await;
        };
        if compare(services, &whose, &found, &seen).await? {
            return Ok(());
        }
    }
    Err(AppError::StripeUnavailable)
}

impl Seen {
    /// Whether somebody else looked, and saw what the event speaks of.
    fn is_answered(&self) -> bool {
        let event = self.event.as_ref();
        !self.trial_ends && event.is_some_and(|event| !self.companions.contains(event))
    }

    pub async fn settle(&self, services: &Services, settled: &Settled) -> Result<(), AppError> {
        match &self.event {
            Some(event) => settle(services, event, settled).await,
            None => Ok(()),
        }
    }
}

/// An organization as it was before Stripe was asked.
#[derive(Debug)]
pub(super) struct Whose {
    pub organization: OrgId,
    pub version: i64,
}

pub(super) async fn of_customer(
    services: &Services,
    customer: &str,
) -> Result<Option<Whose>, AppError> {
    let db = services.db.read(Scope::Customer(customer.to_owned()));
    let found = organization::Entity::find()
        .filter(organization::Column::StripeCustomerId.eq(customer))
        .one(&db.await?)
        .await?;
    match found {
        Some(found) => as_it_is(services, found.id).await.map(Some),
        None => Ok(None),
    }
}

async fn as_it_is(services: &Services, organization: OrgId) -> Result<Whose, AppError> {
    let db = services.db.read(Scope::Tenant(organization)).await?;
    let version = known::sync(&db, organization).await?.version;
    Ok(Whose {
        organization,
        version,
    })
}

/// The organization that a subscription was made for, if it has no customer of
/// its own yet: it was made with one by hand.
async fn made_for(services: &Services, found: &Found) -> Result<Option<Whose>, AppError> {
    let Some(id) = found.organization else {
        return Ok(None);
    };
    let db = services.db.read(Scope::Tenant(id)).await?;
    let organization = organization::Entity::find_by_id(id).one(&db).await?;
    drop(db);
    match organization {
        Some(organization) if organization.stripe_customer_id.is_none() => {
            as_it_is(services, id).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// A subscription that no organization pays by. If it was made for one, that
/// one is gone, or elsewhere.
pub(super) fn nobodys(found: &Found) -> Settled {
    let is_ours = found.organization.is_some() && !found.subscription.is_over();
    let note = if is_ours {
        "paid for an organization that isn't here"
    } else {
        "no organization has this customer"
    };
    Settled {
        is_alert: is_ours,
        ..Settled::ignored(note)
    }
}
