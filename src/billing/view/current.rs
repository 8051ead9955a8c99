//! The plan that is had, what it is paid by, and how much of it is used.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    billing::{
        Plan, Quota, Standing, SubscriptionStatus,
        model::{BillingReport, CardOnFile},
    },
    id::OrgSlug,
    organizations::view::amount,
    ui::{
        Badge, Form, Meter, Submit,
        form::{ButtonForm, Confirm},
    },
    usage::{
        model::{InUse, LimitUse},
        view::title,
    },
};

fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

/// How it stands, as a word and the class of its dot.
fn state(report: &BillingReport) -> Option<(&'static str, &'static str)> {
    let is_ending = report.cancels_at_period_end;
    Some(match report.status {
        SubscriptionStatus::None => return None,
        SubscriptionStatus::Active if is_ending => ("Ends soon", "badge warning"),
        SubscriptionStatus::Active => ("Active", "badge success"),
        SubscriptionStatus::Trialing => ("Trial", "badge info"),
        SubscriptionStatus::Incomplete => ("Not paid yet", "badge warning"),
        SubscriptionStatus::IncompleteExpired => ("Never paid", "badge"),
        SubscriptionStatus::PastDue => ("Past due", "badge warning"),
        SubscriptionStatus::Canceled => ("Ended", "badge"),
        SubscriptionStatus::Unpaid => ("Unpaid", "badge danger"),
        SubscriptionStatus::Paused => ("Paused", "badge warning"),
    })
}

/// When something happens next.
fn next(report: &BillingReport) -> Option<(&'static str, String)> {
    let end = report.period_end?;
    let label = match (report.cancels_at_period_end, report.status) {
        (true, _) => "Ends on",
        (false, SubscriptionStatus::Trialing) => "Trial ends on",
        (false, status) if status.is_paying() => "Renews on",
        _ => return None,
    };
    Some((label, day(end)))
}

#[component]
pub fn CurrentPlan(org: OrgSlug, report: BillingReport) -> impl IntoView {
    let org = org.to_string();
    let listed = report.offer(report.plan).cloned();
    let price = match (&report.pays, &listed) {
        (Some(pays), Some(offer)) if !offer.per.is_empty() => format!("{pays} per {}", offer.per),
        (Some(pays), _) => pays.to_string(),
        (None, Some(offer)) if report.has_subscription => offer.money.as_ref().map_or_else(
            || "As agreed".to_owned(),
            |money| format!("{money} per {}", offer.per),
        ),
        _ if report.plan != Plan::Free => "Nothing: the plan was given to you".to_owned(),
        _ => "Nothing".to_owned(),
    };
    let is_running =
        report.is_on && report.has_subscription && report.status.standing() != Standing::Suspended;
    let (intent, to_keep) = (report.intent.clone(), report.intent.clone());
    view! {
        <section class="card" aria-labelledby="current-plan">
            <div class="card-head">
                <h2 id="current-plan">{report.plan.label()}</h2>
                {state(&report).map(|(label, class)| view! { <Badge label=label class=class/> })}
            </div>
            <div class="card-body">
                <dl class="facts">
                    <div><dt>"Price"</dt><dd>{price}</dd></div>
                    {next(&report).map(|(label, day)| view! { <div><dt>{label}</dt><dd>{day}</dd></div> })}
                </dl>
            </div>
            {is_running.then(|| view! {
                <div class="card-foot">
                    {if report.cancels_at_period_end {
                        view! {
                            <span class="muted">"After that, the organization chooses how to go on."</span>
                            <Form function="keep_subscription" org=org.clone()>
                                <input type="hidden" name="intent" value=to_keep/>
                                <Submit label="Keep the subscription" class="button"/>
                            </Form>
                        }.into_any()
                    } else {
                        view! {
                            <button class="button" type="button" commandfor="cancel-subscription" command="show-modal">"Cancel subscription…"</button>
                        }.into_any()
                    }}
                </div>
                <Confirm
                    id="cancel-subscription"
                    function="cancel_subscription"
                    org=org.clone()
                    title="Cancel the subscription"
                    warning=report.period_end.map_or_else(
                        || "It ends with what was paid for. Nothing is deleted.".to_owned(),
                        |end| format!("You keep {} until {}. Nothing is deleted then: what is over the limits of Free stays readable.", report.plan.label(), day(end)),
                    )
                    label="Cancel subscription"
                    with=("intent", intent.clone())
                />
            })}
        </section>
    }
}

#[component]
pub fn PaidBy(org: OrgSlug, report: BillingReport) -> impl IntoView {
    let now = report.now;
    let known = report.at_stripe.clone();
    let is_known = known.is_some();
    view! {
        <section class="card" aria-labelledby="paid-by">
            <div class="card-head"><h2 id="paid-by">"Payment method"</h2></div>
            <div class="card-body">
                {match known.and_then(|known| known.card) {
                    Some(card) => view! { <TheCard card=card now=now/> }.into_any(),
                    None if !is_known => view! { <p class="muted">"Can't be shown just now"</p> }.into_any(),
                    None => view! { <p class="muted">"No card on file"</p> }.into_any(),
                }}
            </div>
            {report.has_portal().then(|| view! {
                <div class="card-foot"><ButtonForm function="open_portal" org=org.to_string() label="Change payment method"/></div>
            })}
        </section>
    }
}

#[component]
fn TheCard(card: CardOnFile, now: DateTime<Utc>) -> impl IntoView {
    let has_expired = card.has_expired(now);
    view! {
        <dl class="facts">
            <div><dt>{card.brand}</dt><dd class="mono">{format!("•••• {}", card.last4)}</dd></div>
            <div>
                <dt>{if has_expired { "Expired" } else { "Expires" }}</dt>
                <dd>{format!("{:02}/{}", card.exp_month, card.exp_year)}</dd>
            </div>
        </dl>
    }
}

/// How much of the plan is used.
#[component]
pub fn Used(usage: InUse) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="used">
            <div class="card-head"><h2 id="used">"Usage"</h2></div>
            <ul class="card-body used">
                {usage.limits().map(|LimitUse { limit, usage }| {
                    let of = match usage.quota {
                        Quota::Limited(max) => format!("{} of {}", amount(limit, usage.used), amount(limit, max)),
                        Quota::Unlimited => format!("{}, unlimited", amount(limit, usage.used)),
                    };
                    let label = format!("{}: {of}", title(limit));
                    view! {
                        <li>
                            <span class="row between"><span>{title(limit)}</span><span class="muted">{of}</span></span>
                            {match usage.quota {
                                Quota::Limited(max) => Some(view! { <Meter label=label used=usage.used max=max/> }),
                                Quota::Unlimited => None,
                            }}
                        </li>
                    }
                }).into_iter().collect_view()}
            </ul>
        </section>
    }
}
