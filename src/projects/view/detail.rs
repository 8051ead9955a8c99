//! A project: where it runs, and what was deployed.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{deployments::Deployments, live::Moves, status::Status};
use crate::{
    access::Capability,
    error::AppError,
    id::{OrgSlug, ProjectId},
    organizations::{
        model::OrgContext,
        view::{Crumb, OrgPage, Section, org_page},
    },
    paging::Place,
    projects::{
        api,
        model::{DeploymentQuery, DeploymentStatus, EnvironmentRow, ProjectCard, ProjectView},
    },
    ui::{Ago, Glyph, Icon, copy::CopyButton, page::PageRequest},
};

#[component]
pub fn ProjectPage() -> impl IntoView {
    let id = param("project");
    let query = query();
    let asked = query.clone();
    org_page(
        move |org| async move {
            let id: ProjectId = id.parse().map_err(|_| AppError::NotFound)?;
            api::get_project(org, id, query).await
        },
        move |context, found: ProjectView| {
            let org = context.org.slug.clone();
            let project = found.project.clone();
            let may_deploy = context.may(Capability::CreateDeployment);
            let now = found.deployments.now;
            let moves = Moves {
                project: Some(project.id),
                deployment: None,
                seen: found.newest_move(),
                parts: "environments deployments",
                // One that no longer fits the filter goes.
                is_in_place: asked.status.is_none(),
            };
            OrgPage {
                section: Section::Projects,
                title: project.name.clone(),
                crumbs: vec![Crumb::to(Section::Projects, &org), Crumb::here(project.name.clone())],
                action: may_deploy.then(|| view! {
                    <a class="button primary" href=format!("/app/{org}/projects/{}/deployments/new", project.id)>
                        <Icon glyph=Glyph::Rocket/>"Deploy"
                    </a>
                }.into_any()),
                is_narrow: false,
                body: view! {
                    <ProjectHead context=context.clone() project=project current=Part::Deployments/>
                    {moves.view()}
                    <Environments rows=found.environments.clone() org=org now=now/>
                    <Deployments context=context.clone() found=found query=asked/>
                }
                .into_any(),
            }
        },
    )
}

/// A part of the address.
pub fn param(name: &str) -> String {
    use_params_map()
        .with_untracked(|params| params.get(name))
        .unwrap_or_default()
}

fn query() -> DeploymentQuery {
    let value = |name: &str| PageRequest::query(name).filter(|text| !text.is_empty());
    let id = |name: &str| value(name).and_then(|id| id.parse().ok());
    let status = |name: String| {
        let mut all = DeploymentStatus::ALL.into_iter();
        all.find(|status| status.name() == name)
    };
    DeploymentQuery {
        q: value("q").unwrap_or_default(),
        environment: value("environment").and_then(|id| id.parse().ok()),
        status: value("status").and_then(status),
        place: Place::between(id("after"), id("before")),
    }
}

/// The parts that a project's pages come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Deployments,
    Settings,
}

#[component]
pub fn ProjectHead(context: OrgContext, project: ProjectCard, current: Part) -> impl IntoView {
    let id = project.id.to_string();
    let own = format!("/app/{}/projects/{id}", context.org.slug);
    let may_change = context.may(Capability::UpdateProject);
    let tab = move |part: Part, label: &'static str, path: String| {
        view! { <a href=path aria-current=(part == current).then_some("page")>{label}</a> }
    };
    view! {
        <div class="page-title">
            <div><h1>{project.name}</h1><p class="muted">{project.description}</p></div>
            <span class="copyable">
                <code class="mono muted">{id.clone()}</code>
                <CopyButton text=id label="Copy project id".to_owned()/>
            </span>
        </div>
        {may_change.then(|| view! {
            <nav class="tabs" aria-label="Project">
                {tab(Part::Deployments, "Deployments", own.clone())}
                {tab(Part::Settings, "Settings", format!("{own}/settings"))}
            </nav>
        })}
    }
}

/// Where it runs, with what was deployed there last.
#[component]
fn Environments(rows: Vec<EnvironmentRow>, org: OrgSlug, now: DateTime<Utc>) -> impl IntoView {
    let card = move |row: EnvironmentRow| {
        let path = row.latest.as_ref().map(|latest| {
            format!(
                "/app/{org}/projects/{}/deployments/{}",
                latest.project_id, latest.id
            )
        });
        view! {
            <li class="card environment">
                <h3>{row.environment.name}</h3>
                {match row.latest {
                    Some(latest) => view! {
                        <p><Status of=latest.id status=latest.status/></p>
                        <p class="muted truncate">
                            <a class="row-link" href=path>{latest.message.or(latest.git_ref).unwrap_or_else(|| latest.id.to_string())}</a>
                        </p>
                        <p class="faint"><Ago at=latest.created_at now=now/></p>
                    }.into_any(),
                    None => view! { <p class="muted">"Nothing deployed yet"</p> }.into_any(),
                }}
            </li>
        }
    };
    view! {
        <section aria-labelledby="environments" data-part="environments">
            <h2 id="environments" class="visually-hidden">"Environments"</h2>
            <ul class="environments">{rows.into_iter().map(card).collect_view()}</ul>
        </section>
    }
}
