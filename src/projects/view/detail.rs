//! A project: what it is, and for whoever may, how to change it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    access::Capability,
    error::AppError,
    id::{OrgSlug, ProjectId},
    organizations::view::{Crumb, OrgPage, Section, org_page},
    projects::{
        api,
        model::{DESCRIPTION_MAX, NAME_MAX, ProjectCard, ProjectView},
    },
    ui::{Ago, Field, Form, Glyph, Icon, Submit, TextArea, copy::CopyButton, form::ConfirmDanger},
};

#[component]
pub fn ProjectPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("project"))
        .unwrap_or_default();
    org_page(
        move |org| async move {
            let id: ProjectId = id.parse().map_err(|_| AppError::NotFound)?;
            api::get_project(org, id).await
        },
        |context, found: ProjectView| {
            let org = context.org.slug.clone();
            let project = found.project.clone();
            OrgPage {
                section: Section::Projects,
                title: project.name.clone(),
                crumbs: vec![Crumb::to(Section::Projects, &org), Crumb::here(project.name.clone())],
                action: None,
                is_narrow: true,
                body: view! {
                    <Head project=found.project.clone()/>
                    <Facts found=found/>
                    {context.may(Capability::UpdateProject).then(|| view! { <Edit org=org.clone() project=project.clone()/> })}
                    {context.may(Capability::DeleteProject).then(|| view! { <Danger org=org.clone() project=project.clone()/> })}
                }
                .into_any(),
            }
        },
    )
}

#[component]
fn Head(project: ProjectCard) -> impl IntoView {
    let id = project.id.to_string();
    view! {
        <div class="page-title">
            <div><h1>{project.name}</h1><p class="muted">{project.description}</p></div>
            <span class="copyable">
                <code class="mono muted">{id.clone()}</code>
                <CopyButton text=id label="Copy project id".to_owned()/>
            </span>
        </div>
    }
}

#[component]
fn Facts(found: ProjectView) -> impl IntoView {
    view! {
        <section class="card" aria-label="Facts">
            <div class="card-body">
                <dl class="facts">
                    <div><dt>"Created"</dt><dd><Ago at=found.project.created_at now=found.now/></dd></div>
                    <div><dt>"Updated"</dt><dd><Ago at=found.project.updated_at now=found.now/></dd></div>
                </dl>
            </div>
        </section>
    }
}

#[component]
fn Edit(org: OrgSlug, project: ProjectCard) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="edit">
            <div class="card-head"><h2 id="edit">"Name and description"</h2></div>
            <Form function="update_project" org=org.to_string()>
                <input type="hidden" name="project" value=project.id.to_string()/>
                <div class="card-body stack">
                    <Field name="new[name]" label="Name" value=project.name max=NAME_MAX autocomplete="off"/>
                    <TextArea name="new[description]" label="Description" value=project.description max=DESCRIPTION_MAX required=false/>
                </div>
                <div class="card-foot"><Submit label="Save"/></div>
            </Form>
        </section>
    }
}

#[component]
fn Danger(org: OrgSlug, project: ProjectCard) -> impl IntoView {
    view! {
        <section class="card danger" aria-labelledby="danger">
            <div class="card-head"><h2 id="danger">"Danger zone"</h2></div>
            <div class="card-body">
                <div class="setting-row">
                    <div><h3>"Delete project"</h3><p class="muted">"This can't be undone."</p></div>
                    <button class="button danger-outline" type="button" commandfor="delete-project" command="show-modal">
                        <Icon glyph=Glyph::Trash2/>"Delete project…"
                    </button>
                </div>
            </div>
            <ConfirmDanger
                id="delete-project"
                function="delete_project"
                org=org.to_string()
                title="Delete project"
                warning=format!("This deletes {}. It can't be undone.", project.name)
                phrase=project.name
                label="Delete project"
                with=("project", project.id.to_string())
            />
        </section>
    }
}
