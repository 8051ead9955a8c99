//! What another plan would come to, before it is had.

use leptos::prelude::*;

use super::plans::amount as price;
use crate::{
    billing::{
        Limit, Plan, api,
        model::{ChangeCost, ChangePreview, OverLimit},
    },
    id::OrgSlug,
    organizations::view::{Crumb, OrgPage, Section, amount, org_page_in_any_standing},
    ui::{Form, Glyph, Icon, Submit, page::PageRequest},
};

#[component]
pub fn ChangePlanPage() -> impl IntoView {
    let plan = PageRequest::query("plan").unwrap_or_default();
    org_page_in_any_standing(
        move |org| api::preview_plan(org, plan),
        |context, preview: ChangePreview| {
            let org = context.org.slug.clone();
            let title = format!("Switch to {}", preview.to.plan.label());
            OrgPage {
                section: Section::Billing,
                title: title.clone(),
                crumbs: vec![Crumb::to(Section::Billing, &org), Crumb::here("Change plan")],
                action: None,
                is_narrow: true,
                body: view! {
                    <div class="page-title"><div><h1>{title}</h1><p class="muted">{when(&preview)}</p></div></div>
                    <Over preview=preview.clone()/>
                    <Confirmation org=org preview=preview/>
                }
                .into_any(),
            }
        },
    )
}

fn when(preview: &ChangePreview) -> String {
    let from = preview.from.label();
    let end = preview
        .period_end
        .map(|end| end.format("%-d %B %Y").to_string());
    match (preview.to.plan, end) {
        (Plan::Free, Some(end)) => {
            format!(
                "{from} stays until {end}. An owner then chooses to go on with Free, or subscribes again."
            )
        }
        (Plan::Free, None) => format!("{from} stays until what was paid for is over."),
        _ => format!("From {from}, at once."),
    }
}

/// What doesn't fit; nothing of it is lost.
#[component]
fn Over(preview: ChangePreview) -> impl IntoView {
    let plan = preview.to.plan.label();
    (!preview.over.is_empty()).then(|| view! {
        <div class="banner warning">
            <Icon glyph=Glyph::TriangleAlert/>
            <div class="body">
                <p><strong>{format!("Some of what you have is more than {plan} includes.")}</strong>
                    "Nothing is deleted, and all of it stays readable. New things can be created once they fit again."</p>
                <ul class="over">
                    {preview.over.into_iter().map(|over| view! { <li>{in_words(over)}</li> }).collect_view()}
                </ul>
            </div>
        </div>
    })
}

fn in_words(over: OverLimit) -> String {
    let (used, max) = (amount(over.limit, over.used), amount(over.limit, over.max));
    match over.limit {
        Limit::StorageBytes => format!("{used} of storage, of which {max} are included"),
        Limit::ApiCalls => format!("{used} API calls this month, of which {max} are included"),
        Limit::EnvironmentsPerProject => {
            format!("{used} environments in one project, of which {max} are included")
        }
        Limit::Members => format!("{used} members and invitations, of which {max} are included"),
        limit => format!("{used} {}, of which {max} are included", limit.label()),
    }
}

#[component]
fn Confirmation(org: OrgSlug, preview: ChangePreview) -> impl IntoView {
    let plan = preview.to.plan;
    let label = match (&preview.cost, plan) {
        (_, Plan::Free) => "Downgrade to Free".to_owned(),
        (
            Some(ChangeCost {
                due_now: Some(due), ..
            }),
            _,
        ) if due.minor() > 0 => {
            format!("Pay {due} and switch")
        }
        _ => format!("Switch to {}", plan.label()),
    };
    let (amount, per) = price(&preview.to);
    let reckoned_at = preview
        .cost
        .as_ref()
        .map(|cost| cost.reckoned_at.to_string());
    view! {
        <section class="card" aria-labelledby="cost">
            <div class="card-head"><h2 id="cost">"What it comes to"</h2></div>
            <Form function="change_plan" org=org.to_string()>
                <input type="hidden" name="plan" value=plan.name()/>
                <input type="hidden" name="intent" value=preview.intent.clone()/>
                {reckoned_at.map(|at| view! { <input type="hidden" name="reckoned_at" value=at/> })}
                <div class="card-body">
                    <dl class="facts">
                        {preview.cost.clone().map(|cost| view! { <Cost cost=cost/> })}
                        <div class="total"><dt>{format!("{}, from then on", plan.label())}</dt><dd>{amount} " " {per}</dd></div>
                    </dl>
                </div>
                <div class="card-foot">
                    <a class="button" href=Section::Billing.path(&org)>"Cancel"</a>
                    <Submit label=label/>
                </div>
            </Form>
        </section>
    }
}

#[component]
fn Cost(cost: ChangeCost) -> impl IntoView {
    let total = match (cost.due_now, cost.next_bill) {
        (Some(due), _) => Some(("Due now", due)),
        (None, Some(bill)) => Some(("Next bill", bill)),
        (None, None) => None,
    };
    view! {
        {cost.lines.into_iter().map(|(words, money)| view! { <div><dt>{words}</dt><dd>{money.to_string()}</dd></div> }).collect_view()}
        {total.map(|(label, money)| view! { <div class="total"><dt>{label}</dt><dd><strong>{money.to_string()}</strong></dd></div> })}
    }
}
