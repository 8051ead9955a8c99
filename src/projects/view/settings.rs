//! What of a project can be changed, and its end.

use leptos::prelude::*;

use super::detail::{Part, ProjectHead, param};
use crate::{
    access::Capability,
    billing::Limit,
    error::AppError,
    id::{OrgSlug, ProjectId},
    organizations::{
        model::OrgContext,
        view::{Crumb, LimitReached, OrgPage, Section, org_page},
    },
    projects::{
        api,
        model::{DESCRIPTION_MAX, EnvironmentCard, NAME_MAX, ProjectCard, ProjectSettings},
    },
    ui::{
        Ago, Field, Form, Glyph, Icon, Submit, TextArea,
        form::{Confirm, ConfirmDanger},
    },
};

#[component]
pub fn ProjectSettingsPage() -> impl IntoView {
    let project = param("project");
    org_page(
        move |org| async move {
            let project: ProjectId = project.parse().map_err(|_| AppError::NotFound)?;
            api::get_project_settings(org, project).await
        },
        |context, found: ProjectSettings| {
            let org = context.org.slug.clone();
            let project = found.project.clone();
            OrgPage {
                section: Section::Projects,
                title: format!("Settings · {}", project.name),
                crumbs: vec![
                    Crumb::to(Section::Projects, &org),
                    Crumb {
                        label: project.name.clone(),
                        path: Some(format!("/app/{org}/projects/{}", project.id)),
                    },
                    Crumb::here("Settings"),
                ],
                action: None,
                is_narrow: true,
                body: view! {
                    <ProjectHead context=context.clone() project=project.clone() current=Part::Settings/>
                    <Edit org=org.clone() project=project.clone()/>
                    {context.may(Capability::ManageEnvironments).then(|| view! { <Environments context=context.clone() found=found.clone()/> })}
                    {context.may(Capability::DeleteProject).then(|| view! { <Danger org=org project=project/> })}
                }
                .into_any(),
            }
        },
    )
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
fn Environments(context: OrgContext, found: ProjectSettings) -> impl IntoView {
    let org = context.org.slug.to_string();
    let project = found.project.id.to_string();
    let is_full = !found.usage.quota.admits_one_beside(found.usage.used);
    let now = found.project.updated_at;
    let rows = {
        let org = org.clone();
        move |environment: EnvironmentCard| view! { <Environment org=org.clone() environment=environment now=now/> }
    };
    view! {
        <LimitReached
            context=context.clone()
            limit=Limit::EnvironmentsPerProject
            usage=found.usage
            remedy="Delete one to make room."
        />
        <section class="card" aria-labelledby="environments">
            <div class="card-head"><div><h2 id="environments">"Environments"</h2><p class="muted">"Where this project runs."</p></div></div>
            <ul class="rows">{found.environments.into_iter().map(rows).collect_view()}</ul>
            {(!is_full).then(|| view! {
                <Form function="create_environment" org=org>
                    <input type="hidden" name="project" value=project/>
                    <div class="card-body"><Field name="new[name]" label="New environment" max=NAME_MAX autocomplete="off" hint="Like staging, or preview"/></div>
                    <div class="card-foot"><Submit label="Create environment" class="button"/></div>
                </Form>
            })}
        </section>
    }
}

#[component]
fn Environment(
    org: String,
    environment: EnvironmentCard,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView {
    let id = environment.id.to_string();
    let (rename, delete) = (format!("rename-{id}"), format!("delete-{id}"));
    view! {
        <li>
            <span class="body"><strong>{environment.name.clone()}</strong><span class="muted">"Created " <Ago at=environment.created_at now=now.max(environment.created_at)/></span></span>
            <span class="buttons">
                <button class="button small" type="button" commandfor=rename.clone() command="show-modal">"Rename…"</button>
                <button class="button small" type="button" commandfor=delete.clone() command="show-modal">"Delete…"</button>
            </span>
            <Rename org=org.clone() id=id.clone() dialog=rename name=environment.name.clone()/>
            <ConfirmDanger
                id=delete
                function="delete_environment"
                org=org
                title=format!("Delete {}", environment.name.clone())
                warning="This deletes the environment with all that was deployed to it, artifacts included. It can't be undone."
                phrase=environment.name
                label="Delete environment"
                with=("environment", id)
            />
        </li>
    }
}

#[component]
fn Rename(org: String, id: String, dialog: String, name: String) -> impl IntoView {
    view! {
        <Confirm
            id=dialog
            function="rename_environment"
            org=org
            title=format!("Rename {name}")
            warning="Whatever deploys to it by its name has to use the new one."
            label="Rename"
            class="button primary"
            with=("environment", id)
        >
            <Field name="new[name]" label="Name" value=name max=NAME_MAX autocomplete="off"/>
        </Confirm>
    }
}

#[component]
fn Danger(org: OrgSlug, project: ProjectCard) -> impl IntoView {
    view! {
        <section class="card danger" aria-labelledby="danger">
            <div class="card-head"><h2 id="danger">"Danger zone"</h2></div>
            <div class="card-body">
                <div class="setting-row">
                    <div><h3>"Delete project"</h3><p class="muted">"With its environments, deployments and artifacts. This can't be undone."</p></div>
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
                warning=format!("This deletes {} with all that was deployed. It can't be undone.", project.name)
                phrase=project.name
                label="Delete project"
                with=("project", project.id.to_string())
            />
        </section>
    }
}
