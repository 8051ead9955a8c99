//! The menus of the sidebar.

use leptos::prelude::*;
use serde_json::json;

use crate::{
    billing::Quota,
    identity::model::Me,
    organizations::model::OrgContext,
    topic,
    ui::{
        Avatar, Glyph, Icon,
        display::meter,
        drawn::{Element, Part, el},
        json::Json,
        live::{Hears, Kind, live_part},
        page::PageRequest,
    },
};

#[component]
pub(super) fn OrgSwitcher(context: OrgContext) -> impl IntoView {
    let current = context.org.clone();
    let elsewhere = PageRequest::current().elsewhere;
    let to_new = format!("{elsewhere}/app/new");
    view! {
        <button class="switcher" type="button" popovertarget="org-menu">
            <Avatar name=current.name.clone() image=current.image.clone() class="avatar square"/>
            <span class="label">{current.name.clone()}</span>
            <span class="visually-hidden">", switch organization"</span>
            <Icon glyph=Glyph::ChevronsUpDown/>
        </button>
        <div class="menu wide" id="org-menu" popover>
            <p class="menu-title">"Organizations"</p>
            {context.organizations.into_iter().map(|org| {
                let is_current = org.slug == current.slug;
                let host = if is_current { "" } else { elsewhere.as_str() };
                view! {
                    <a class="item" href=format!("{host}/app/{}", org.slug) aria-current=is_current.then_some("true")>
                        <Avatar name=org.name.clone() image=org.image class="avatar square small"/>
                        <span class="label">{org.name}</span>
                        {is_current.then(|| view! { <Icon glyph=Glyph::Check/> })}
                    </a>
                }
            }).collect_view()}
            <hr/>
            <a class="item" href=to_new><Icon glyph=Glyph::Plus/><span class="label">"Create organization"</span></a>
        </div>
    }
}

/// How much of the plan is used, as it is from then on; a plan without limits
/// has nothing to show.
#[component]
pub(super) fn PlanMeter(context: OrgContext) -> impl IntoView {
    let plan = context.org.plan.label();
    let used = context.projects.used;
    let Quota::Limited(max) = context.projects.quota else {
        return view! {
            <div class="plan-meter"><span class="row"><span>{plan}</span></span></div>
        }
        .into_any();
    };
    let path = format!("/app/{}/usage", context.org.slug);
    let drawn = plan_meter(plan, &path, used, max).into_view();
    let data = json!({ "plan": plan, "path": path, "used": used, "max": max });
    let drawn = view! { <div id=METER>{drawn}</div> };
    live_part(&PLAN_METER, &data, drawn.into_any()).into_any()
}

/// Of the element that the meter is in.
const METER: &str = "plan-meter";

pub const PLAN_METER: Kind = Kind {
    name: METER,
    topic: topic::USAGE,
    wake: wake_meter,
};

fn wake_meter(data: &Json) -> Option<Hears> {
    let (plan, path) = (data.at("plan").text()?, data.at("path").text()?);
    let max = data.at("max").count();
    let used = data.at("used").count();
    let mut meter = Part::shown(METER.to_owned(), plan_meter(&plan, &path, used, max));
    let mut count = Part::shown(COUNT.to_owned(), project_count(used));
    Some(Box::new(move |told| {
        let own = told.at("projects");
        let (used, quota) = (own.at("used").count(), own.at("quota").at("Limited"));
        let max = quota.number().map_or(max, i64::unsigned_abs);
        meter.show(plan_meter(&plan, &path, used, max));
        count.show(project_count(used));
    }))
}

fn plan_meter(plan: &str, path: &str, used: u64, max: u64) -> Element {
    let percent = format!("{} %", used * 100 / max.max(1));
    let head = el("span", "row")
        .child(el("span", "").text(plan))
        .child(el("span", "muted").text(&percent));
    el("a", "plan-meter")
        .attr("href", path)
        .child(head)
        .child(meter("Projects in use", used, max))
        .child(el("span", "faint").text(&format!("{used} of {max} projects")))
}

/// Of the element that the number of projects is in.
pub(super) const COUNT: &str = "project-count";

pub(super) fn project_count(used: u64) -> Element {
    el("span", "count").text(&used.to_string())
}

#[component]
pub(super) fn UserMenu(me: Me) -> impl IntoView {
    view! {
        <button class="switcher" type="button" popovertarget="user-menu">
            <Avatar name=me.name.clone()/>
            <span class="label">{me.name}</span>
            <span class="visually-hidden">", account menu"</span>
            <Icon glyph=Glyph::Ellipsis/>
        </button>
        <div class="menu up" id="user-menu" popover>
            <p class="menu-title">{me.email.to_string()}</p>
            <a class="item" href="/account"><Icon glyph=Glyph::User/><span class="label">"Account"</span></a>
            <a class="item" href="/app?choose"><Icon glyph=Glyph::Building/><span class="label">"All organizations"</span></a>
            <hr/>
            <form method="post" action="/_fn/sign_out">
                <button class="item" type="submit"><Icon glyph=Glyph::LogOut/><span class="label">"Sign out"</span></button>
            </form>
        </div>
    }
}
