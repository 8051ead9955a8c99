//! What has to be known first.

use leptos::prelude::*;

use super::waiting::AwaitPlan;
use crate::{
    billing::{Standing, SubscriptionStatus, model::BillingReport},
    id::OrgSlug,
    ui::{Form, Glyph, Icon, Submit, form::ButtonForm, page::PageRequest},
};

#[component]
pub fn Attention(org: OrgSlug, report: BillingReport) -> impl IntoView {
    let came_back = |how: &str| PageRequest::query(how).as_deref() == Some("true");
    let is_awaited = is_awaiting(&report);
    let is_paid = came_back("success");
    let plan = report.plan.label();
    view! {
        {report.is_test.then(|| view! {
            <div class="banner info"><Icon glyph=Glyph::ShieldCheck/><p>"Test mode: no money moves."</p></div>
        })}
        {report.at_stripe.is_none().then(|| view! {
            <div class="banner warning" role="status"><Icon glyph=Glyph::TriangleAlert/><p>
                "Stripe can't be reached just now: card and invoices aren't shown, and nothing can be changed. Your plan isn't touched by that."
            </p></div>
        })}
        {(is_paid && report.has_subscription).then(|| view! {
            <Good words=format!("Thank you. The organization is on {plan} now.")/>
        })}
        {is_awaited.then(|| view! {
            <AwaitPlan seen=report.mark.clone()/>
            <noscript>
                <div class="banner info"><p>
                    "We are waiting for Stripe to confirm the payment. " <a href="?success=true">"Look again"</a>
                </p></div>
            </noscript>
        })}
        {came_back("canceled").then(|| view! {
            <div class="banner"><Icon glyph=Glyph::Circle/><p>"You left the payment page. Nothing was paid, and nothing was changed."</p></div>
        })}
        {report.given_back_at.map(|_| view! {
            <div class="banner info" role="status"><Icon glyph=Glyph::CircleCheck/><p>
                "The organization was paid for twice at nearly the same time. The first subscription stays; the second was canceled, and its payment goes back to the card it came from."
            </p></div>
        })}
        <Overdue org=org report=report/>
    }
}

/// Whether somebody has paid a moment ago, and Stripe hasn't told us yet.
#[must_use]
pub fn is_awaiting(report: &BillingReport) -> bool {
    let is_back = PageRequest::query("success").as_deref() == Some("true");
    is_back && !report.has_subscription && report.is_on
}

/// What is to be paid, and how.
#[component]
fn Overdue(org: OrgSlug, report: BillingReport) -> impl IntoView {
    let org = org.to_string();
    let words = match (report.status.standing(), report.status) {
        (Standing::Grace, _) => {
            "The last payment failed. Everything still works for now. Pay the open bill, or put another card on file."
        }
        (Standing::Suspended, SubscriptionStatus::Paused) => {
            "The subscription is paused, because the trial ended without a card. Put one on file, and resume."
        }
        (Standing::Suspended, _) => {
            "The organization is suspended, because nothing was paid for too long. Nothing was deleted; it opens again as soon as the bill is paid."
        }
        (Standing::Lapsed, _) => {
            "The subscription has ended. Nothing was deleted. Subscribe again below, or continue on Free."
        }
        (Standing::Good, SubscriptionStatus::Incomplete) => {
            "The first payment isn't done yet. The plan follows once it is."
        }
        (Standing::Good, _) => return None,
    };
    let is_paused = report.status == SubscriptionStatus::Paused;
    let is_owing = report.is_on && report.status.standing() != Standing::Lapsed;
    let bill = report
        .at_stripe
        .as_ref()
        .and_then(|known| known.open_invoice());
    let bill = bill.map(|invoice| format!("Pay {}", invoice.total));
    Some(view! {
        <div class="banner warning" role="status">
            <Icon glyph=Glyph::TriangleAlert/>
            <p>{words}</p>
            {is_owing.then(|| view! {
                <ButtonForm function="open_portal" org=org.clone() label="Change the card"/>
            })}
            {bill.filter(|_| is_owing).map(|label| view! {
                <ButtonForm function="pay_invoice" org=org.clone() label=label class="button primary"/>
            })}
            {is_paused.then(|| view! {
                <Form function="resume_subscription" org=org.clone()>
                    <input type="hidden" name="intent" value=report.intent.clone()/>
                    <Submit label="Resume" class="button primary"/>
                </Form>
            })}
        </div>
    })
}

/// Something good that is said once.
#[component]
fn Good(words: String) -> impl IntoView {
    view! { <div class="banner success" role="status"><Icon glyph=Glyph::CircleCheck/><p>{words}</p></div> }
}
