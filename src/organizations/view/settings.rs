//! The general settings of an organization.

use leptos::prelude::*;

use super::{
    frame::{Crumb, OrgPage, org_page},
    section::Section,
    slug_field::{SlugField, Typed},
};
use crate::{
    organizations::{
        api,
        model::{IMAGE_MAX, NAME_MAX, OrgContext},
    },
    ui::{
        Avatar, Field, Form, Submit,
        form::{ButtonForm, problem},
        page::PageRequest,
    },
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    org_page(api::may_manage, |context, ()| {
        OrgPage {
        section: Section::General,
        title: "General settings".to_owned(),
        crumbs: vec![Crumb::here("Settings")],
        action: None,
        is_narrow: true,
        body: view! {
            <div class="page-title"><div><h1>"General"</h1><p class="muted">"How the organization is called and found"</p></div></div>
            <Name context=context.clone()/>
            <Image context=context.clone()/>
            <Address context=context.clone()/>
        }
        .into_any(),
    }
    })
}

#[component]
fn Name(context: OrgContext) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="name">
            <div class="card-head"><h2 id="name">"Name"</h2></div>
            <Form function="rename_organization" org=context.org.slug.to_string()>
                <div class="card-body stack">
                    <Field name="name" label="Name" value=context.org.name autocomplete="organization" max=NAME_MAX/>
                </div>
                <div class="card-foot"><Submit label="Save"/></div>
            </Form>
        </section>
    }
}

#[component]
fn Image(context: OrgContext) -> impl IntoView {
    let org = context.org;
    let slug = org.slug.to_string();
    let has_image = org.image.is_some();
    view! {
        <section class="card" aria-labelledby="image-title">
            <div class="card-head">
                <h2 id="image-title">"Image"</h2>
                {has_image.then(|| view! {
                    <ButtonForm function="remove_organization_image" org=slug.clone() label="Remove" class="button small"/>
                })}
            </div>
            <Form function="set_organization_image" org=slug.clone() with_file=true>
                <div class="card-body">
                    <div class="image-picker">
                        <Avatar name=org.name image=org.image class="avatar square large"/>
                        <div class="stack tight">
                            <label for="image">"Choose a file"</label>
                            <input id="image" name="image" type="file" required accept="image/png,image/jpeg,image/webp,image/gif" aria-describedby="image-hint image-error"/>
                            <p class="hint" id="image-hint">{format!("PNG, JPEG, WebP or GIF, up to {} KB", IMAGE_MAX / 1024)}</p>
                            <ImageProblem/>
                        </div>
                    </div>
                </div>
                <div class="card-foot"><Submit label="Save image"/></div>
            </Form>
        </section>
    }
}

#[component]
fn ImageProblem() -> impl IntoView {
    view! { <p class="error" id="image-error">{problem("image")}</p> }
}

#[component]
fn Address(context: OrgContext) -> impl IntoView {
    let org = context.org.slug;
    view! {
        <section class="card" aria-labelledby="address">
            <div class="card-head">
                <div><h2 id="address">"Address"</h2><p class="muted">"Links to the old one go on working"</p></div>
            </div>
            <Form function="change_organization_slug" org=org.to_string()>
                <div class="card-body stack"><TypedSlug org=org/></div>
                <div class="card-foot"><Submit label="Change address"/></div>
            </Form>
        </section>
    }
}

#[component]
fn TypedSlug(org: crate::id::OrgSlug) -> impl IntoView {
    let slug = Typed::into_field("slug", org.as_str());
    view! { <SlugField host=PageRequest::current().app_host org=org slug=slug/> }
}
