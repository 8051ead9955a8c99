use leptos::prelude::*;

use super::section::Section;
use crate::{
    access::Capability,
    billing::{Limit, Plan, Quota, plan::bytes},
    organizations::model::{OrgContext, Usage},
    ui::{Glyph, Icon, number::grouped, page::PageRequest},
};

/// Says that a limit is reached, where it stands and what the next plan gives;
/// nothing while there is room, unless something didn't fit in it.
#[component]
pub fn LimitReached(
    context: OrgContext,
    limit: Limit,
    usage: Usage,
    /// How to make room.
    remedy: &'static str,
    /// Whether something was refused just now.
    #[prop(optional)]
    is_refused: bool,
) -> impl IntoView {
    let Quota::Limited(max) = usage.quota else {
        return None;
    };
    let plan = context.org.plan;
    let next = plan.next().map(|next| {
        let allowance = match next.quota(limit) {
            Quota::Limited(max) => amount(limit, max),
            Quota::Unlimited => "as many as you like".to_owned(),
        };
        let label = if context.may(Capability::ManageBilling) {
            "Upgrade"
        } else {
            "Compare plans"
        };
        view! {
            {format!(" The {} plan includes {allowance}. ", next.label())}
            <a href=more_path(&context)>{label}</a>
        }
    });
    let is_full = usage.used >= max;
    (is_full || is_refused).then(|| {
        view! {
            <div class="banner warning" role="status">
                <Icon glyph=Glyph::TriangleAlert/>
                <p>
                    {(!is_full).then_some("There is no room for that. ")}
                    <strong>{in_use(plan, limit, usage.used, max)}</strong>
                    {(usage.used > 0).then_some(remedy)}
                    {next}
                </p>
            </div>
        }
    })
}

fn in_use(plan: Plan, limit: Limit, used: u64, max: u64) -> String {
    let (used, max, plan) = (amount(limit, used), amount(limit, max), plan.label());
    match limit {
        Limit::StorageBytes => {
            format!("{used} of {max} of storage of the {plan} plan are in use. ")
        }
        _ => format!(
            "{used} of {max} {} of the {plan} plan are in use. ",
            limit.label()
        ),
    }
}

/// An amount of what is limited, for people.
#[must_use]
pub fn amount(limit: Limit, amount: u64) -> String {
    match limit {
        Limit::StorageBytes => bytes(amount),
        _ => grouped(amount),
    }
}

/// Where more can be had: who pays goes to pay, the others look.
#[must_use]
pub fn more_path(context: &OrgContext) -> String {
    if context.may(Capability::ManageBilling) {
        format!("{}#plans", Section::Billing.path(&context.org.slug))
    } else {
        format!("{}/pricing", PageRequest::current().elsewhere)
    }
}
