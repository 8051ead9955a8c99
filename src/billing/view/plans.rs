//! The plans side by side, and line by line.

use leptos::prelude::*;

use crate::{
    billing::{
        Limit, Plan, Quota,
        model::Offer,
        plan::{Feature, bytes},
    },
    ui::{Badge, Glyph, Icon, number::grouped},
};

fn quota(plan: Plan, limit: Limit) -> String {
    match (plan.quota(limit), limit) {
        (Quota::Unlimited, _) => "Unlimited".to_owned(),
        (Quota::Limited(amount), Limit::StorageBytes) => bytes(amount),
        (Quota::Limited(count), _) => grouped(count),
    }
}

/// What a plan costs, in words.
#[must_use]
pub fn amount(offer: &Offer) -> (String, String) {
    match &offer.money {
        Some(money) if offer.per.is_empty() => (money.to_string(), String::new()),
        Some(money) => (money.to_string(), format!("per {}", offer.per)),
        None => ("Custom".to_owned(), "as agreed".to_owned()),
    }
}

/// A card for each plan, with what can be done about it.
#[component]
pub fn PlanCards(
    offers: Vec<Offer>,
    /// The one that is had.
    #[prop(optional)]
    current: Option<Plan>,
    /// What leads to a plan.
    action: impl Fn(&Offer) -> AnyView + Send + 'static,
) -> impl IntoView {
    view! {
        <div class="plans">
            {offers.into_iter().map(|offer| {
                let act = action(&offer);
                view! { <PlanCard is_current=current == Some(offer.plan) is_someones=current.is_some() offer=offer action=act/> }
            }).collect_view()}
        </div>
    }
}

#[component]
fn PlanCard(offer: Offer, is_current: bool, is_someones: bool, action: AnyView) -> impl IntoView {
    let plan = offer.plan;
    let is_featured = if is_someones {
        is_current
    } else {
        plan == Plan::Pro
    };
    let (price, per) = amount(&offer);
    let members = if plan == Plan::Free {
        "member"
    } else {
        "members"
    };
    let included = [
        (Limit::Projects, "projects"),
        (Limit::Members, members),
        (Limit::ApiCalls, "API calls a month"),
        (Limit::StorageBytes, "storage"),
    ];
    let badge = match (is_current, is_someones, plan) {
        (true, ..) => Some("Current plan"),
        (false, false, Plan::Pro) => Some("For teams"),
        _ => None,
    };
    view! {
        <article class=if is_featured { "card plan featured" } else { "card plan" }>
            <h3>{plan.label()} {badge.map(|label| view! { " " <Badge label=label class="badge pill accent"/> })}</h3>
            <p class="price"><strong>{price}</strong> " " <span class="muted">{per}</span></p>
            {action}
            <ul class="ticks">
                {included.map(|(limit, what)| view! {
                    <li><Icon glyph=Glyph::Check/>{quota(plan, limit)} " " {what}</li>
                }).into_iter().collect_view()}
            </ul>
        </article>
    }
}

const LIMITS: [(Limit, &str); 6] = [
    (Limit::Projects, "Projects"),
    (Limit::Members, "Members"),
    (Limit::ApiCalls, "API calls a month"),
    (Limit::StorageBytes, "Storage"),
    (Limit::EnvironmentsPerProject, "Environments per project"),
    (Limit::AnalyticsDays, "Days of analytics"),
];

const FEATURES: [(Feature, &str); 5] = [
    (Feature::CustomDomain, "Custom domain"),
    (Feature::Sso, "Single sign-on"),
    (Feature::AuditLog, "Audit log"),
    (Feature::PrioritySupport, "Priority support"),
    (Feature::Sla, "Service level agreement"),
];

/// All that the plans differ in.
#[component]
pub fn Comparison(
    offers: Vec<Offer>,
    /// The one that is had.
    #[prop(optional)]
    current: Option<Plan>,
) -> impl IntoView {
    let mark = move |plan: Plan| (current == Some(plan)).then_some("current");
    view! {
        <div class="compare-wrap" tabindex="0" role="region" aria-label="Plans compared">
            <table class="compare">
                <caption class="visually-hidden">"Plans compared"</caption>
                <thead>
                    <tr>
                        <td></td>
                        {Plan::ALL.map(|plan| view! {
                            <th scope="col" class=mark(plan)>
                                {plan.label()}
                                {mark(plan).map(|_| view! { <span class="visually-hidden">" (current plan)"</span> })}
                            </th>
                        }).into_iter().collect_view()}
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">"Price"</th>
                        {offers.into_iter().map(|offer| {
                            let (price, per) = amount(&offer);
                            view! { <td class=mark(offer.plan)>{price} " " <span class="muted">{per}</span></td> }
                        }).collect_view()}
                    </tr>
                    {LIMITS.map(|(limit, label)| view! {
                        <tr>
                            <th scope="row">{label}</th>
                            {Plan::ALL.map(|plan| view! { <td class=mark(plan)>{quota(plan, limit)}</td> }).into_iter().collect_view()}
                        </tr>
                    }).into_iter().collect_view()}
                    {FEATURES.map(|(feature, label)| view! {
                        <tr>
                            <th scope="row">{label}</th>
                            {Plan::ALL.map(|plan| view! { <td class=mark(plan)><Included yes=plan.has(feature)/></td> }).into_iter().collect_view()}
                        </tr>
                    }).into_iter().collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Included(yes: bool) -> impl IntoView {
    if yes {
        view! { <Icon glyph=Glyph::Check/><span class="visually-hidden">"Included"</span> }
            .into_any()
    } else {
        view! { <span class="faint" aria-hidden="true">"–"</span><span class="visually-hidden">"Not included"</span> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(quota(Plan::Free, Limit::ApiCalls), "1,000");
        assert_eq!(quota(Plan::Free, Limit::StorageBytes), "100 MiB");
        assert_eq!(quota(Plan::Pro, Limit::StorageBytes), "10 GiB");
        assert_eq!(quota(Plan::Enterprise, Limit::Members), "Unlimited");
    }
}
