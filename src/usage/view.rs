//! What the organization uses: a meter for each limit, and its calls by day.

use leptos::prelude::*;

use super::{
    api,
    model::{CHART_DAYS, LimitUse, UsageReport},
};
use crate::{
    billing::{Limit, Plan, Quota},
    organizations::view::{Crumb, OrgPage, Section, amount, more_path, org_page},
    ui::{
        Meter,
        chart::{Bar, BarChart},
        number::grouped,
    },
};

#[component]
pub fn UsagePage() -> impl IntoView {
    org_page(api::get_usage, |context, report: UsageReport| {
        OrgPage {
        section: Section::Usage,
        title: "Usage".to_owned(),
        crumbs: vec![Crumb::here("Usage")],
        action: None,
        is_narrow: false,
        body: view! {
            <div class="page-title"><div><h1>"Usage"</h1><p class="muted">{summary(&report)}</p></div></div>
            <Limits report=report.clone() more=more_path(context)/>
            <Calls report=report/>
        }
        .into_any(),
    }
    })
}

fn summary(report: &UsageReport) -> String {
    let resets = report.resets_at.format("%-d %B");
    format!(
        "What you use of the {} plan. API calls are counted anew on {resets}, 00:00 UTC.",
        report.plan.label()
    )
}

#[component]
fn Limits(report: UsageReport, more: String) -> impl IntoView {
    let plan = report.plan;
    let forecast = forecast(&report);
    view! {
        <section class="grid cards-3" aria-label="Limits">
            {report.limits().map(|used| {
                let note = match used.limit {
                    Limit::ApiCalls => forecast.clone(),
                    Limit::Members => Some("Pending invitations included".to_owned()),
                    Limit::EnvironmentsPerProject => Some("In the project that has most".to_owned()),
                    _ => None,
                };
                view! { <LimitCard used=used note=note plan=plan more=more.clone()/> }
            }).into_iter().collect_view()}
        </section>
    }
}

/// What the calls will come to, if it goes on like this.
fn forecast(report: &UsageReport) -> Option<String> {
    let forecast = report.forecast?;
    let words = format!("About {} by the end of the month", grouped(forecast));
    Some(match report.calls.quota {
        Quota::Limited(max) if forecast > max && report.calls.used < max => {
            format!("{words}: more than the plan gives")
        }
        _ => words,
    })
}

/// What a limit is called above its meter.
#[must_use]
pub fn title(limit: Limit) -> &'static str {
    match limit {
        Limit::ApiCalls => "API calls this month",
        Limit::StorageBytes => "Storage",
        Limit::Projects => "Projects",
        Limit::Members => "Members",
        Limit::EnvironmentsPerProject => "Environments per project",
        Limit::AnalyticsDays => "Analytics",
        Limit::FreeOrganizations => "Organizations on Free",
    }
}

#[component]
fn LimitCard(used: LimitUse, note: Option<String>, plan: Plan, more: String) -> impl IntoView {
    let LimitUse { limit, usage } = used;
    let value = amount(limit, usage.used);
    let of = match usage.quota {
        Quota::Limited(max) => format!("of {}", amount(limit, max)),
        Quota::Unlimited => "unlimited".to_owned(),
    };
    let label = format!("{}: {value} {of}", title(limit));
    view! {
        <div class="card stat usage">
            <h2 class="stat-label">{title(limit)}</h2>
            <p class="stat-value">{value} " " <span class="muted of">{of}</span></p>
            {match usage.quota {
                Quota::Limited(max) => Some(view! { <Meter label=label used=usage.used max=max/> }),
                Quota::Unlimited => None,
            }}
            <p class="stat-foot faint">{note}</p>
            <Upgrade used=used plan=plan more=more/>
        </div>
    }
}

/// What the next plan gives, once most of a limit is used.
#[component]
fn Upgrade(used: LimitUse, plan: Plan, more: String) -> impl IntoView {
    let LimitUse { limit, usage } = used;
    let is_close = crate::usage::model::Level::of(usage.used, usage.quota).is_some();
    let next = plan.next().filter(|_| is_close)?;
    let gives = match next.quota(limit) {
        Quota::Limited(max) => amount(limit, max),
        Quota::Unlimited => "as much as you like".to_owned(),
    };
    Some(view! {
        <p class="stat-foot"><a href=more>{format!("{} gives you {gives}", next.label())}</a></p>
    })
}

#[component]
fn Calls(report: UsageReport) -> impl IntoView {
    let days = report.by_day.len();
    let bars: Vec<Bar> = report
        .by_day
        .iter()
        .map(|day| Bar {
            label: day.day.format("%-d %B").to_string(),
            value: day.calls,
        })
        .collect();
    let tick = |place: usize| {
        let day = report.by_day.get(place);
        day.map(|day| day.day.format("%-d %b").to_string())
    };
    let ticks = [0, days / 2, days.saturating_sub(1)];
    let ticks = ticks.into_iter().filter_map(tick).collect();
    let is_short = (days as u64) < CHART_DAYS;
    let longer = report.plan.next().filter(|_| is_short).map(|next| {
        format!(
            "The {} plan keeps {} days; {} keeps more.",
            report.plan.label(),
            days,
            next.label()
        )
    });
    view! {
        <section class="card" aria-labelledby="calls">
            <div class="card-head"><div><h2 id="calls">"API calls"</h2><p class="muted">{format!("Per day in UTC, last {days} days. ")}{longer}</p></div></div>
            <div class="card-body">
                <BarChart id="calls-chart" title=format!("API calls per day, last {days} days") unit="Calls" bars=bars ticks=ticks/>
            </div>
        </section>
    }
}
