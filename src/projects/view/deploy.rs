//! Deploying by hand.

use leptos::prelude::*;

use super::detail::param;
use crate::{
    error::AppError,
    id::ProjectId,
    organizations::view::{Crumb, OrgPage, Section, org_page},
    projects::{
        api,
        model::{DeploymentForm, GIT_REF_MAX, MESSAGE_MAX, URL_MAX},
    },
    ui::{EmptyState, Field, Form, Glyph, Select, Submit, TextArea},
};

#[component]
pub fn NewDeploymentPage() -> impl IntoView {
    let project = param("project");
    org_page(
        move |org| async move {
            let project: ProjectId = project.parse().map_err(|_| AppError::NotFound)?;
            api::get_deployment_form(org, project).await
        },
        |context, found: DeploymentForm| {
            let org = context.org.slug.clone();
            let own = format!("/app/{org}/projects/{}", found.project.id);
            OrgPage {
                section: Section::Projects,
                title: "New deployment".to_owned(),
                crumbs: vec![
                    Crumb::to(Section::Projects, &org),
                    Crumb {
                        label: found.project.name.clone(),
                        path: Some(own.clone()),
                    },
                    Crumb::here("New deployment"),
                ],
                action: None,
                is_narrow: true,
                body: view! {
                    <div class="page-title">
                        <div><h1>"New deployment"</h1><p class="muted">"It is queued until it is moved on, here or by your job."</p></div>
                    </div>
                    <section class="card">
                        {if found.environments.is_empty() {
                            view! {
                                <EmptyState glyph=Glyph::GitBranch title="No environment to deploy to" words="Create one in the project's settings first.">
                                    <a class="button primary" href=format!("{own}/settings")>"Project settings"</a>
                                </EmptyState>
                            }.into_any()
                        } else {
                            view! { <NewDeployment org=org.to_string() own=own found=found/> }.into_any()
                        }}
                    </section>
                }
                .into_any(),
            }
        },
    )
}

#[component]
fn NewDeployment(org: String, own: String, found: DeploymentForm) -> impl IntoView {
    let options: Vec<_> = found
        .environments
        .into_iter()
        .map(|environment| (environment.id.to_string(), environment.name))
        .collect();
    view! {
        <Form function="create_deployment" org=org>
            <input type="hidden" name="project" value=found.project.id.to_string()/>
            <div class="card-body stack">
                <Select name="new[environment]" label="Environment" options=options/>
                <Field name="new[git_ref]" label="Branch or tag" max=GIT_REF_MAX required=false autocomplete="off"/>
                <Field name="new[commit_sha]" label="Commit" max=64 required=false autocomplete="off" hint="4 to 64 hexadecimal digits"/>
                <TextArea name="new[message]" label="Message" max=MESSAGE_MAX required=false/>
                <Field name="new[url]" label="Address" kind="url" max=URL_MAX required=false autocomplete="off" hint="Where it will be seen"/>
            </div>
            <div class="card-foot">
                <a class="button" href=own>"Cancel"</a>
                <Submit label="Create deployment"/>
            </div>
        </Form>
    }
}
