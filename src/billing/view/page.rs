//! What an organization pays for, by what, and what else it could have.

use leptos::prelude::*;

use super::{
    attention::{Attention, is_awaiting},
    current::{CurrentPlan, PaidBy, Used},
    invoices::Invoices,
    plans::{Comparison, PlanCards},
};
use crate::{
    billing::{
        Plan, Standing, SubscriptionStatus, api,
        model::{BillingReport, Offer},
    },
    id::OrgSlug,
    organizations::view::{Crumb, OrgPage, Section, org_page_in_any_standing},
    ui::form::{ButtonForm, Refused},
};

#[component]
pub fn BillingPage() -> impl IntoView {
    org_page_in_any_standing(api::get_billing, |context, report: BillingReport| {
        let org = context.org.slug.clone();
        OrgPage {
            section: Section::Billing,
            title: "Billing".to_owned(),
            crumbs: vec![Crumb::here("Billing")],
            action: None,
            is_narrow: false,
            body: view! {
                <div class="page-title">
                    <div><h1>"Billing"</h1><p class="muted">"What the organization pays for, and by which card"</p></div>
                    {report.has_portal().then(|| view! {
                        <ButtonForm function="open_portal" org=org.to_string() label="Open billing portal"/>
                    })}
                </div>
                <Refused functions=&["start_checkout"]/>
                <Attention org=org.clone() report=report.clone()/>
                <div class="grid cards-2">
                    <CurrentPlan org=org.clone() report=report.clone()/>
                    <PaidBy org=org.clone() report=report.clone()/>
                </div>
                <Used usage=report.usage/>
                <Invoices report=report.clone()/>
                <Plans org=org report=report/>
            }
            .into_any(),
        }
    })
}

#[component]
fn Plans(org: OrgSlug, report: BillingReport) -> impl IntoView {
    let (offers, current) = (report.offers.clone(), report.plan);
    let words = if report.is_on {
        "What a plan includes is the same table that the product itself obeys."
    } else {
        "Payments aren't set up on this installation: whoever runs it sets STRIPE_SECRET_KEY and the prices. Until then, every organization keeps the plan that it has."
    };
    view! {
        <section class="stack" aria-labelledby="plans">
            <div class="page-title"><div><h2 id="plans">"Plans"</h2><p class="muted">{words}</p></div></div>
            <PlanCards offers=offers.clone() current=current action=move |offer| way_to(&org, &report, offer)/>
            <Comparison offers=offers current=current/>
        </section>
    }
}

/// How to get to a plan from where the organization is.
fn way_to(org: &OrgSlug, report: &BillingReport, offer: &Offer) -> AnyView {
    let plan = offer.plan;
    let is_current = plan == report.plan;
    let standing = report.status.standing();
    match (report.has_subscription, plan) {
        _ if is_awaiting(report) => nothing("Once the payment is confirmed"),
        (true, _) if !report.is_on => nothing(""),
        (true, _) if is_current => nothing(""),
        (true, _) if standing == Standing::Suspended => nothing("Once the bill is paid"),
        (true, _) if plan != Plan::Free && !offer.is_sold => nothing("Ask whoever runs this installation"),
        (true, _) => {
            let label = match plan {
                Plan::Free => "Downgrade to Free".to_owned(),
                _ => format!("Switch to {}", plan.label()),
            };
            let path = format!("/app/{org}/settings/billing/change?plan={}", plan.name());
            view! { <a class="button block" href=path>{label}</a> }.into_any()
        }
        (false, Plan::Free) if report.status == SubscriptionStatus::Canceled => view! {
            <ButtonForm function="continue_on_free" org=org.to_string() label="Continue on Free" class="button block"/>
        }
        .into_any(),
        (false, Plan::Free) => nothing(""),
        (false, _) if !offer.is_sold => nothing(if report.is_on {
            "Ask whoever runs this installation"
        } else {
            ""
        }),
        (false, _) => view! { <Buy org=org.clone() plan=plan intent=report.intent.clone() is_main=report.plan.next() == Some(plan)/> }.into_any(),
    }
}

fn nothing(words: &'static str) -> AnyView {
    view! { <p class="plan-note faint">{words}</p> }.into_any()
}

/// Leads to where a plan is paid for.
#[component]
fn Buy(org: OrgSlug, plan: Plan, intent: String, is_main: bool) -> impl IntoView {
    let class = if is_main {
        "button primary block"
    } else {
        "button block"
    };
    view! {
        <form method="post" action="/_fn/start_checkout">
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="plan" value=plan.name()/>
            <input type="hidden" name="intent" value=intent/>
            <button class=class type="submit">{format!("Subscribe to {}", plan.label())}</button>
        </form>
    }
}
