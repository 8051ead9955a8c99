//! The server functions of billing: a door and a call.

use leptos::prelude::*;

use super::model::{BillingReport, ChangePreview, Offer};
#[allow(unused_imports)] // the same
use crate::billing::Plan;
#[allow(unused_imports)] // empty in the browser, where a body is a call
use crate::border::*;
use crate::{error::AppError, id::OrgSlug};

/// What the plans cost, for anyone.
#[server]
pub async fn get_offers() -> Result<Vec<Offer>, AppError> {
    Ok(super::server::look::offers(&door::visitor()?.services).await)
}

#[server]
pub async fn get_billing(org: OrgSlug) -> Result<BillingReport, AppError> {
    super::server::look::report(&door::session(&org).await?).await
}

/// Goes to pay for a plan.
#[server]
pub async fn start_checkout(
    org: OrgSlug,
    #[server(default)] plan: String,
    #[server(default)] intent: String,
) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    let plan = super::model::paid_plan(&plan)?;
    let intent = answer::intent(&intent);
    answer::go(&super::server::buying::check_out(&payer, plan, &intent).await?);
    Ok(())
}

/// Goes to where cards and invoices are looked after.
#[server]
pub async fn open_portal(org: OrgSlug) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    answer::go(&super::server::buying::portal(&payer).await?);
    Ok(())
}

/// Goes to pay the open bill.
#[server]
pub async fn pay_invoice(org: OrgSlug) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    answer::go(&super::server::buying::pay(&payer).await?);
    Ok(())
}

#[server]
pub async fn preview_plan(
    org: OrgSlug,
    #[server(default)] plan: String,
) -> Result<ChangePreview, AppError> {
    let payer = door::session(&org).await?;
    super::server::changing::preview(&payer, super::model::any_plan(&plan)?).await
}

#[server]
pub async fn change_plan(
    org: OrgSlug,
    #[server(default)] plan: String,
    #[server(default)] reckoned_at: Option<i64>,
    #[server(default)] intent: String,
) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    let plan = super::model::any_plan(&plan)?;
    let intent = answer::intent(&intent);
    super::server::changing::change(&payer, plan, reckoned_at, &intent).await?;
    answer::toast(match plan {
        Plan::Free => Toast::SubscriptionEnds,
        _ => Toast::PlanChanged,
    });
    answer::go(&format!("/app/{org}/settings/billing"));
    Ok(())
}

/// Lets the subscription end with what was paid for.
#[server]
pub async fn cancel_subscription(
    org: OrgSlug,
    #[server(default)] intent: String,
) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    super::server::changing::end_by_itself(&payer, true, &answer::intent(&intent)).await?;
    answer::toast(Toast::SubscriptionEnds);
    Ok(())
}

#[server]
pub async fn keep_subscription(
    org: OrgSlug,
    #[server(default)] intent: String,
) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    super::server::changing::end_by_itself(&payer, false, &answer::intent(&intent)).await?;
    answer::toast(Toast::SubscriptionKept);
    Ok(())
}

/// Goes on with a subscription that was paused.
#[server]
pub async fn resume_subscription(
    org: OrgSlug,
    #[server(default)] intent: String,
) -> Result<(), AppError> {
    let payer = door::session(&org).await?;
    super::server::changing::resume(&payer, &answer::intent(&intent)).await?;
    answer::toast(Toast::SubscriptionResumed);
    answer::go(&format!("/app/{org}/settings/billing"));
    Ok(())
}
