//! What is shown of what is paid for.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Payer;
use crate::{
    billing::{
        Money, Plan,
        model::{AtStripe, BillingReport, CardOnFile, InvoiceRow, InvoiceStatus, Offer},
        plan::Price as Listed,
    },
    entity::{organization, surplus_subscription},
    error::AppError,
    server::{
        services::Services,
        stripe::{Card, Found, Invoice, Price, Refused, Stripe},
        token,
    },
    usage::server::in_use,
};

/// For how long it is said that something was paid for twice.
const NEWS: TimeDelta = TimeDelta::days(3);

/// # Errors
/// If the database fails; without Stripe, it says what is known here.
pub async fn report(grant: &Payer) -> Result<BillingReport, AppError> {
    let services = grant.agent().services();
    let stripe = services.stripe.as_ref();
    let organization = grant.organization();
    let (at_stripe, found) = match stripe {
        Some(stripe) => at_stripe(stripe, organization).await,
        None => (Some(AtStripe::default()), None),
    };
    let price = found.and_then(|found| found.price);
    Ok(BillingReport {
        is_on: stripe.is_some(),
        is_test: stripe.is_some_and(Stripe::is_test),
        plan: organization.plan,
        status: organization.subscription_status,
        has_subscription: organization.stripe_subscription_id.is_some(),
        is_customer: organization.stripe_customer_id.is_some(),
        period_end: organization.current_period_end,
        cancels_at_period_end: organization.cancel_at_period_end,
        offers: offers(services).await,
        pays: price.as_ref().and_then(Price::money),
        at_stripe,
        usage: in_use(
            grant,
            &grant.read().await?,
            &grant.entitlements(),
            grant.now(),
        )
        .await?,
        given_back_at: given_back_at(grant).await?,
        mark: mark(organization),
        intent: Uuid::now_v7().to_string(),
        now: grant.now(),
    })
}

/// What the plans cost, in the currency that Stripe has them in.
pub async fn offers(services: &Services) -> Vec<Offer> {
    let offers = Plan::ALL.map(async |plan| {
        let price = match &services.stripe {
            Some(stripe) => stripe.price(plan).await,
            None => None,
        };
        offer(services, plan, price.as_ref())
    });
    futures_util::future::join_all(offers).await
}

pub(super) fn offer(services: &Services, plan: Plan, price: Option<&Price>) -> Offer {
    let stripe = services.stripe.as_ref();
    let every = price.and_then(|price| price.recurring.as_ref());
    Offer {
        plan,
        money: match price {
            Some(price) => price.money(),
            None => Money::listed(plan.price()),
        },
        per: match every {
            Some(every) if every.interval_count > 1 => {
                format!("{} {}s", every.interval_count, every.interval)
            }
            Some(every) => every.interval.clone(),
            None if plan.price() == Listed::Custom => String::new(),
            None => "month".to_owned(),
        },
        is_sold: stripe.is_some_and(|stripe| stripe.sells(plan)),
    }
}

/// What only Stripe knows, asked for at once; nothing if it can't say.
async fn at_stripe(
    stripe: &Stripe,
    organization: &organization::Model,
) -> (Option<AtStripe>, Option<Found>) {
    let Some(customer) = &organization.stripe_customer_id else {
        return (Some(AtStripe::default()), None);
    };
    let subscription = async {
        match &organization.stripe_subscription_id {
            Some(id) => stripe.subscription(id).await.map(Some),
            None => Ok(None),
        }
    };
    let (invoices, card, found) = tokio::join!(
        stripe.invoices(customer),
        stripe.card(customer),
        subscription
    );
    let found = found.unwrap_or_default();
    let of_subscription = found.as_ref().and_then(|found| found.card.clone());
    let at_stripe = match (invoices, card) {
        (Ok(invoices), Ok(card)) => Some(AtStripe {
            card: of_subscription.or(card).map(on_file),
            invoices: invoices.into_iter().map(row).collect(),
        }),
        // Who was deleted at Stripe has nothing there.
        (Err(Refused::Missing), _) | (_, Err(Refused::Missing)) => Some(AtStripe::default()),
        _ => None,
    };
    (at_stripe, found)
}

fn on_file(card: Card) -> CardOnFile {
    let brand = match card.brand.as_str() {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        "diners" => "Diners Club",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        _ => "Card",
    };
    CardOnFile {
        brand: brand.to_owned(),
        last4: card.last4,
        exp_month: card.exp_month,
        exp_year: card.exp_year,
    }
}

fn row(invoice: Invoice) -> InvoiceRow {
    InvoiceRow {
        number: invoice.number,
        at: invoice.created,
        total: Money::new(invoice.total, &invoice.currency),
        status: InvoiceStatus::named(invoice.status.as_deref().unwrap_or_default()),
        page: invoice.hosted_invoice_url.filter(|url| is_web(url)),
        pdf: invoice.invoice_pdf.filter(|url| is_web(url)),
        id: invoice.id,
    }
}

/// Whether a link may lead there.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

async fn given_back_at(grant: &Payer) -> Result<Option<DateTime<Utc>>, AppError> {
    let newest = grant
        .find::<surplus_subscription::Entity>()
        .filter(surplus_subscription::Column::FoundAt.gt(grant.now() - NEWS))
        .order_by_desc(surplus_subscription::Column::FoundAt)
        .one(&grant.read().await?)
        .await?;
    Ok(newest.map(|row| row.found_at))
}

/// What tells whether a page still shows what is so.
#[must_use]
pub fn mark(organization: &organization::Model) -> String {
    let state = format!(
        "{:?}",
        (
            organization.plan,
            organization.subscription_status,
            &organization.stripe_subscription_id,
            &organization.stripe_price_id,
            organization.current_period_end,
            organization.cancel_at_period_end,
        )
    );
    token::hex(token::hash(state).iter().take(8))
}
