//! Paying for a plan, at Stripe's own pages.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Payer, apply, known, on};
use crate::{
    access::Role,
    audit::model::Event,
    billing::Plan,
    entity::{organization, organization_member, user},
    error::{AppError, Conflict},
    server::stripe::{Customer, Intent, NewCheckout, Refused, Stripe},
};

/// Begins to pay for a plan, and gives where that is gone on with. Who has a
/// subscription changes it instead.
///
/// # Errors
/// `Conflict` if there is a subscription, or the plan isn't sold;
/// `StripeUnavailable`. Nothing is paid then.
pub async fn check_out(payer: &Payer, plan: Plan, intent: &str) -> Result<String, AppError> {
    let stripe = on(payer.agent().services())?;
    let price = stripe.price_id(plan)?.to_owned();
    unsubscribed(payer.organization())?;
    let organization = payer.organization();
    let sync = known::sync(&payer.read().await?, organization.id).await?;
    let known = organization.stripe_customer_id.clone();
    let customer = match known {
        Some(customer) => {
            not_paid_yet(payer, stripe, &customer).await?;
            customer
        }
        None => customer(payer, stripe, sync.deleted_customer_id.as_deref()).await?,
    };
    let page = format!("/app/{}/settings/billing", organization.slug);
    let app = payer.agent().services().config.app_url();
    let new = NewCheckout {
        organization: organization.id,
        customer,
        price,
        success_url: app.join(&format!("{page}?success=true")),
        cancel_url: app.join(&format!("{page}?canceled=true")),
    };
    let id = organization.id.to_string();
    let made = stripe
        .checkout(
            new.clone(),
            &Intent::new(&["checkout", &id, plan.name(), intent])?,
        )
        .await;
    let (customer, address) = match made {
        // It was deleted at Stripe, and we weren't told yet.
        Err(Refused::Missing) => {
            let again = self::customer(payer, stripe, Some(&new.customer)).await?;
            let parts = ["checkout", &id, plan.name(), intent, &again];
            let intent = Intent::new(&parts)?;
            let new = NewCheckout {
                customer: again.clone(),
                ..new
            };
            (again, stripe.checkout(new, &intent).await?)
        }
        made => (new.customer, made?),
    };
    begun(payer, plan, customer).await?;
    Ok(address)
}

fn unsubscribed(organization: &organization::Model) -> Result<(), AppError> {
    if organization.stripe_subscription_id.is_none() {
        return Ok(());
    }
    Err(AppError::Conflict {
        conflict: Conflict::Subscribed,
    })
}

/// Somebody may have paid a moment ago, of which we weren't told yet.
async fn not_paid_yet(payer: &Payer, stripe: &Stripe, customer: &str) -> Result<(), AppError> {
    let found = match stripe.subscriptions(customer).await {
        // It was deleted, and paid for nothing since.
        Err(Refused::Missing) => return Ok(()),
        found => found?,
    };
    let paid = found.iter().find(|found| found.subscription.is_paying());
    let Some(paid) = paid else {
        return Ok(());
    };
    let id = &paid.subscription.id;
    apply::now(payer.agent().services(), stripe, id).await?;
    Err(AppError::Conflict {
        conflict: Conflict::Subscribed,
    })
}

/// The organization's customer, made for all who ask at the same time.
async fn customer(
    payer: &Payer,
    stripe: &Stripe,
    deleted: Option<&str>,
) -> Result<String, AppError> {
    let organization = payer.organization();
    // The same whoever asks: the owner who has been one for longest.
    let owner = payer
        .find::<organization_member::Entity>()
        .find_also_related(user::Entity)
        .filter(organization_member::Column::Role.eq(Role::Owner))
        .order_by_asc(organization_member::Column::JoinedAt)
        .order_by_asc(organization_member::Column::Id)
        .one(&payer.read().await?)
        .await?;
    let owner = owner.and_then(|(_, user)| user);
    let new = Customer {
        organization: organization.id,
        name: organization.name.clone(),
        email: owner.map_or_else(
            || payer.agent().account().email.to_string(),
            |owner| owner.email.to_string(),
        ),
    };
    Ok(stripe.customer(&new, deleted).await?)
}

/// Notes who began it, and the customer that was made for it.
async fn begun(payer: &Payer, plan: Plan, customer: String) -> Result<(), AppError> {
    let tx = payer.begin().await?;
    let before = tx.organization().clone();
    unsubscribed(&before)?;
    if before.stripe_customer_id.as_ref() != Some(&customer) {
        let of_another = before.stripe_customer_id != payer.organization().stripe_customer_id;
        if of_another {
            // Somebody else began with another one, since this was asked.
            return Err(AppError::Conflict {
                conflict: Conflict::BillingMoved,
            });
        }
        organization::Entity::update(organization::ActiveModel {
            id: Set(before.id),
            stripe_customer_id: Set(Some(customer)),
            updated_at: Set(tx.now()),
            ..Default::default()
        })
        .exec(&*tx)
        .await?;
    }
    let organization = before.id;
    tx.commit(Event::CheckoutStarted { organization, plan })
        .await
}

/// Where cards and invoices are looked after.
///
/// # Errors
/// `Conflict` for an organization that never paid; `StripeUnavailable`.
pub async fn portal(payer: &Payer) -> Result<String, AppError> {
    let stripe = on(payer.agent().services())?;
    let organization = payer.organization();
    let customer = organization.stripe_customer_id.as_deref();
    let customer = customer.ok_or(AppError::Conflict {
        conflict: Conflict::NotSubscribed,
    })?;
    let page = format!("/app/{}/settings/billing", organization.slug);
    let back = payer.agent().services().config.app_url().join(&page);
    Ok(stripe.portal(customer, back).await?)
}

/// Where the open bill is paid.
///
/// # Errors
/// `Conflict` if there is none; `StripeUnavailable`.
pub async fn pay(payer: &Payer) -> Result<String, AppError> {
    let stripe = on(payer.agent().services())?;
    let moved = AppError::Conflict {
        conflict: Conflict::BillingMoved,
    };
    let customer = payer.organization().stripe_customer_id.as_deref();
    let customer = customer.ok_or(moved.clone())?;
    let invoices = stripe.invoices(customer).await?;
    let open = invoices
        .into_iter()
        .find(|invoice| invoice.status.as_deref() == Some("open"));
    open.and_then(|invoice| invoice.hosted_invoice_url)
        .ok_or(moved)
}
