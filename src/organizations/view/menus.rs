//! The menus of the sidebar.

use leptos::prelude::*;

use crate::{
    billing::Quota,
    identity::model::Me,
    organizations::model::OrgContext,
    ui::{Avatar, Glyph, Icon, Meter, page::PageRequest},
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

/// How much of the plan is used; a plan without limits has nothing to show.
#[component]
pub(super) fn PlanMeter(context: OrgContext) -> impl IntoView {
    let plan = context.org.plan.label();
    let used = context.projects.used;
    match context.projects.quota {
        Quota::Unlimited => view! {
            <div class="plan-meter"><span class="row"><span>{plan}</span></span></div>
        }.into_any(),
        Quota::Limited(max) => view! {
            <a class="plan-meter" href=format!("/app/{}/usage", context.org.slug)>
                <span class="row"><span>{plan}</span><span class="muted">{format!("{} %", used * 100 / max.max(1))}</span></span>
                <Meter label="Projects in use" used=used max=max/>
                <span class="faint">{format!("{used} of {max} projects")}</span>
            </a>
        }.into_any(),
    }
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
