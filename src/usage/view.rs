//! What the organization uses: a meter for each limit, and its calls by day.

use leptos::prelude::*;
use serde_json::json;

use super::{
    api,
    model::{CHART_DAYS, LimitUse, UsageReport},
};
use crate::{
    billing::{Limit, Plan, Quota, plan::bytes},
    organizations::view::{Crumb, OrgPage, Section, amount, more_path, org_page},
    topic,
    ui::{
        chart::{Bar, BarChart},
        display::meter,
        drawn::{Element, Part, el},
        json::Json,
        live::{Hears, Kind, live_part},
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
            {report.in_use.limits().map(|used| {
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
    Some(match report.in_use.calls.quota {
        Quota::Limited(max) if forecast > max && report.in_use.calls.used < max => {
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
    let limit = used.limit;
    view! {
        <div class="card stat usage">
            <h2 class="stat-label">{title(limit)}</h2>
            {live_gauge(used)}
            <p class="stat-foot faint">{note}</p>
            <Upgrade used=used plan=plan more=more/>
        </div>
    }
}

/// How much is used, and of how much, as it is from then on.
pub const GAUGE: Kind = Kind {
    name: "gauge",
    topic: topic::USAGE,
    wake,
};

fn live_gauge(used: LimitUse) -> impl IntoView {
    let LimitUse { limit, usage } = used;
    let (title, is_bytes) = (title(limit), limit == Limit::StorageBytes);
    let max = match usage.quota {
        Quota::Limited(max) => Some(max),
        Quota::Unlimited => None,
    };
    let name = match limit {
        Limit::ApiCalls => "calls",
        Limit::StorageBytes => "storage",
        Limit::Members => "members",
        Limit::EnvironmentsPerProject => "environments",
        _ => "projects",
    };
    let data = json!({
        "name": name, "title": title, "isBytes": u8::from(is_bytes),
        "used": usage.used, "Limited": max,
    });
    let id = format!("gauge-{name}");
    let drawn = gauge(title, is_bytes, usage.used, max).into_view();
    live_part(&GAUGE, &data, view! { <div id=id>{drawn}</div> }.into_any())
}

fn wake(data: &Json) -> Option<Hears> {
    let (name, title) = (data.at("name").text()?, data.at("title").text()?);
    let is_bytes = data.at("isBytes").number() == Some(1);
    let drawn = gauge(&title, is_bytes, data.at("used").count(), max(data));
    let mut part = Part::shown(format!("gauge-{name}"), drawn);
    Some(Box::new(move |told| {
        let own = told.at(&name);
        let used = own.at("used").count();
        part.show(gauge(&title, is_bytes, used, max(&own.at("quota"))));
    }))
}

fn max(quota: &Json) -> Option<u64> {
    quota.at("Limited").number().map(i64::unsigned_abs)
}

fn gauge(title: &str, is_bytes: bool, used: u64, max: Option<u64>) -> Element {
    let amount = if is_bytes { bytes } else { grouped };
    let value = amount(used);
    let of = max.map(|max| format!("of {}", amount(max)));
    let of = of.unwrap_or_else(|| "unlimited".to_owned());
    let figure = el("p", "stat-value")
        .text(&value)
        .text(" ")
        .child(el("span", "muted of").text(&of));
    let all = el("div", "").child(figure);
    match max {
        Some(max) => all.child(meter(&format!("{title}: {value} {of}"), used, max)),
        None => all,
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
            label: day.day.format("%-d %b").to_string(),
            value: day.calls,
        })
        .collect();
    let ticks = vec![0, days / 2, days.saturating_sub(1)];
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
