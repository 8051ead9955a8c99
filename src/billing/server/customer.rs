//! Customers that are gone.

use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    apply::of_customer,
    known,
    letters::{self, Told},
    settled::{self, Settled},
};
use crate::{
    access::server::{memberships, trail},
    audit::model::Event,
    billing::{
        BillingChange,
        change::{Birth, StripeStatus, Subscription},
    },
    entity::{billing_sync, organization, stripe_event},
    error::AppError,
    server::{database::Scope, services::Services, stripe::Stripe},
};

/// A customer that was deleted at Stripe, and all its subscriptions with it.
pub(super) async fn deleted(
    services: &Services,
    stripe: &Stripe,
    customer: &str,
    event: &stripe_event::Model,
) -> Result<(), AppError> {
    if !stripe.is_deleted(customer).await? {
        let note = Settled::ignored("the customer is there");
        return settled::settle(services, &event.id, &note).await;
    }
    let Some(whose) = of_customer(services, customer).await? else {
        let note = Settled::ignored("no organization has this customer");
        return settled::settle(services, &event.id, &note).await;
    };
    let (id, now) = (whose.organization, services.clock.now());
    let tx = services.db.write("Stripe says it of any tenant").await?;
    tx.enter(Scope::Tenant(id)).await?;
    let row = memberships::lock(&tx, id)
        .await?
        .ok_or(AppError::NotFound)?;
    // Somebody else may have seen it, and another one been made since.
    if row.stripe_customer_id.as_deref() != Some(customer) {
        drop(tx);
        let note = Settled::ignored("another customer has taken its place");
        return settled::settle(services, &event.id, &note).await;
    }
    let sync = known::sync(&*tx, id).await?;
    let before = known::billing(&*tx, &row, &sync).await?;
    if let Some(current) = &before.subscription {
        let change = BillingChange::between(&before, &ended(current));
        if let BillingChange::Becomes(after) = change {
            known::write(&*tx, id, &after, now).await?;
            letters::owe(&tx, id, Told::Ended, now).await?;
        }
    }
    organization::Entity::update(organization::ActiveModel {
        id: Set(id),
        stripe_customer_id: Set(None),
        updated_at: Set(now),
        ..Default::default()
    })
    .exec(&*tx)
    .await?;
    let sync = billing_sync::Model {
        deleted_customer_id: Some(customer.to_owned()),
        ..sync
    };
    known::compared(&*tx, sync, None, None).await?;
    let gone = Event::BillingCustomerDeleted {
        organization: id,
        customer: customer.to_owned(),
    };
    trail::append(&*tx, id, &trail::Actor::stripe(), &gone, now).await?;
    settled::write(&tx, &event.id, &Settled::applied(None), now).await?;
    tx.commit().await?;
    services.outbox_filled.notify_one();
    Ok(())
}

/// What a subscription is whose customer is gone.
fn ended(current: &Birth) -> Subscription {
    Subscription {
        id: current.id.clone(),
        created: current.at,
        status: StripeStatus::Canceled,
        price: None,
        plan: None,
        period: None,
        cancels: false,
    }
}
