use leptos::prelude::*;

use crate::{
    billing::Limit,
    id::OrgSlug,
    organizations::view::{Crumb, LimitReached, OrgPage, Section, org_page},
    projects::{
        api,
        model::{DESCRIPTION_MAX, NAME_MAX},
    },
    ui::{Field, Form, Submit, TextArea},
};

#[component]
pub fn NewProjectPage() -> impl IntoView {
    org_page(api::may_create, |context, ()| {
        let org = context.org.slug.clone();
        let usage = context.projects;
        let is_full = !usage.quota.admits_one_beside(usage.used);
        OrgPage {
            section: Section::Projects,
            title: "New project".to_owned(),
            crumbs: vec![Crumb::to(Section::Projects, &org), Crumb::here("New project")],
            action: None,
            is_narrow: true,
            body: view! {
                <div class="page-title"><h1>"New project"</h1></div>
                <LimitReached context=context.clone() limit=Limit::Projects usage=usage remedy="Delete one to make room."/>
                {if is_full {
                    view! { <p><a class="button" href=Section::Projects.path(&org)>"Back to the projects"</a></p> }.into_any()
                } else {
                    view! { <NewProjectForm org=org/> }.into_any()
                }}
            }
            .into_any(),
        }
    })
}

#[component]
fn NewProjectForm(org: OrgSlug) -> impl IntoView {
    view! {
        <section class="card">
            <Form function="create_project" org=org.to_string()>
                <div class="card-body stack">
                    <Field name="new[name]" label="Name" max=NAME_MAX autocomplete="off" autofocus=true/>
                    <TextArea name="new[description]" label="Description" max=DESCRIPTION_MAX required=false/>
                </div>
                <div class="card-foot">
                    <a class="button" href=Section::Projects.path(&org)>"Cancel"</a>
                    <Submit label="Create project"/>
                </div>
            </Form>
        </section>
    }
}
