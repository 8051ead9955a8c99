//! The way to an organization.

use leptos::prelude::*;

use crate::{
    identity::view::AuthFrame,
    organizations::{
        api,
        model::{Landing, OrgHead},
    },
    ui::{
        Avatar, Badge, Glyph, Icon,
        form::ButtonForm,
        load,
        page::{PageAnswer, PageRequest},
    },
};

/// `/app`: on to the last used organization, if that can be told.
#[component]
pub fn LandingPage() -> impl IntoView {
    if PageRequest::query("choose").is_some() {
        return view! { <PickerPage/> }.into_any();
    }
    load(api::find_landing(), |landing| {
        match landing {
            Landing::Organization(slug) => PageAnswer::onward(&format!("/app/{slug}")),
            Landing::Found => PageAnswer::onward("/app/new"),
            Landing::Choose => return view! { <PickerPage/> }.into_any(),
        }
        ().into_any()
    })
    .into_any()
}

/// All organizations of the person.
#[component]
pub fn PickerPage() -> impl IntoView {
    load(api::my_organizations(), |organizations| {
        view! {
            <AuthFrame title="Your organizations" wide=true with_commands=true>
                <ul class="choices">
                    {organizations.into_iter().map(|org| view! { <Choice org=org/> }).collect_view()}
                </ul>
                <div class="row between">
                    <a class="button primary" href=format!("{}/app/new", PageRequest::current().elsewhere)><Icon glyph=Glyph::Plus/>"Create organization"</a>
                    <ButtonForm function="sign_out" label="Sign out" class="button ghost"/>
                </div>
            </AuthFrame>
        }
    })
}

#[component]
fn Choice(org: OrgHead) -> impl IntoView {
    let elsewhere = PageRequest::current().elsewhere;
    view! {
        <li>
            <a class="choice" href=format!("{elsewhere}/app/{}", org.slug)>
                <Avatar name=org.name.clone() image=org.image class="avatar square"/>
                <span class="body"><strong>{org.name}</strong><span class="muted">{org.role.label()}</span></span>
                <Badge label=org.plan.label() class="badge pill"/>
                <Icon glyph=Glyph::ChevronRight/>
            </a>
        </li>
    }
}
