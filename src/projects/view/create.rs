use leptos::prelude::*;

use crate::{
    billing::Quota,
    organizations::view::{Crumb, OrgPage, Section, org_page},
    projects::{
        api,
        model::{DESCRIPTION_MAX, NAME_MAX},
    },
    ui::{Field, Form, Glyph, Icon, Submit, TextArea},
};

#[component]
pub fn NewProjectPage() -> impl IntoView {
    org_page(api::may_create, |context, ()| {
        let org = context.org.slug.clone();
        let plan = context.org.plan;
        let full = match context.projects.quota {
            Quota::Limited(max) if context.projects.used >= max => Some(max),
            _ => None,
        };
        OrgPage {
            section: Section::Projects,
            title: "New project".to_owned(),
            crumbs: vec![Crumb::to(Section::Projects, &org), Crumb::here("New project")],
            action: None,
            is_narrow: true,
            body: view! {
                <div class="page-title"><h1>"New project"</h1></div>
                {full.map(|max| view! {
                    <div class="banner warning" role="status">
                        <Icon glyph=Glyph::TriangleAlert/>
                        <p>
                            <strong>{format!("All {max} projects of the {} plan are in use. ", plan.label())}</strong>
                            {match plan.next() {
                                Some(next) => format!("Delete one to make room; the {} plan includes {}.", next.label(), allowance(next.quota(crate::billing::Limit::Projects))),
                                None => "Delete one to make room.".to_owned(),
                            }}
                        </p>
                    </div>
                })}
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
            .into_any(),
        }
    })
}

fn allowance(quota: Quota) -> String {
    match quota {
        Quota::Limited(max) => max.to_string(),
        Quota::Unlimited => "as many as you like".to_owned(),
    }
}
