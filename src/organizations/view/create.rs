use leptos::prelude::*;

use super::slug_field::{NameAndSlug, Typed};
use crate::{
    identity::{api, view::AuthFrame},
    ui::{Form, Submit, load, page::PageRequest},
};

#[component]
pub fn CreatePage() -> impl IntoView {
    load(api::get_me(), |_| {
        view! {
            <AuthFrame title="Create an organization" wide=true with_commands=true>
                <p class="muted">"A place for your team, its projects and its bill."</p>
                <Form function="create_organization">
                    <TypedNameAndSlug/>
                    <div class="form-actions">
                        <Submit label="Create organization"/>
                        <a class="button ghost" href="/app?choose">"Cancel"</a>
                    </div>
                </Form>
            </AuthFrame>
        }
    })
}

#[component]
fn TypedNameAndSlug() -> impl IntoView {
    let host = PageRequest::current().app_host;
    let name = Typed::into_field("new[name]", "");
    let slug = Typed::into_field("new[slug]", "");
    view! { <NameAndSlug host=host name=name slug=slug/> }
}
