//! The deployments of a project. What is looked for stands in the address.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{snippet, status::Status};
use crate::{
    access::Capability,
    id::OrgSlug,
    organizations::{model::OrgContext, view::Section},
    projects::model::{
        DeploymentCard, DeploymentQuery, DeploymentStatus, EnvironmentRow, ProjectView,
    },
    ui::{Ago, CodeBlock, EmptyState, Glyph, Icon, Pager, page::encoded},
};

/// How much of a commit is shown, in characters.
const COMMIT_SHOWN: usize = 7;

#[component]
pub fn Deployments(
    context: OrgContext,
    found: ProjectView,
    query: DeploymentQuery,
) -> impl IntoView {
    let org = context.org.slug.clone();
    let page = found.deployments.clone();
    let is_filtered = query.is_filtered();
    let is_first = page.rows.is_empty() && !is_filtered && page.newer.is_none();
    let link = |name: &str, id: String| {
        let pairs = pairs(&query).into_iter().chain([(name, id)]);
        let pairs: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={}", encoded(&value)))
            .collect();
        format!("?{}", pairs.join("&"))
    };
    let newer = page.newer.map(|id| link("before", id.to_string()));
    let older = page.older.map(|id| link("after", id.to_string()));
    view! {
        {(!is_first).then(|| view! { <Filters query=query environments=found.environments.clone()/> })}
        <section class="card table-card" aria-labelledby="deployments" data-part="deployments">
            <h2 id="deployments" class="visually-hidden">"Deployments"</h2>
            {match (page.rows.is_empty(), is_filtered) {
                (true, true) => view! {
                    <EmptyState glyph=Glyph::Search title="Nothing found" words="No deployment fits these filters.">
                        <a class="button" href="?">"Show all deployments"</a>
                    </EmptyState>
                }.into_any(),
                (true, false) => view! { <QuickStart context=context found=found/> }.into_any(),
                _ => view! {
                    <Table org=org rows=page.rows now=page.now/>
                    <Pager newer=newer older=older/>
                }.into_any(),
            }}
        </section>
    }
}

/// What it asks for, as it stands in an address.
fn pairs(query: &DeploymentQuery) -> Vec<(&'static str, String)> {
    let given = |text: &String| !text.is_empty();
    [
        ("q", Some(query.q.clone()).filter(given)),
        ("environment", query.environment.map(|id| id.to_string())),
        (
            "status",
            query.status.map(|status| status.name().to_owned()),
        ),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

#[component]
fn Filters(query: DeploymentQuery, environments: Vec<EnvironmentRow>) -> impl IntoView {
    let is_filtered = query.is_filtered();
    view! {
        <form class="filters" method="get" role="search" aria-label="Deployments">
            <span class="search">
                <Icon glyph=Glyph::Search/>
                <input type="search" name="q" value=query.q aria-label="Search deployments" placeholder="Branch, commit or message" autocomplete="off" data-filter/>
                <kbd aria-hidden="true">"/"</kbd>
            </span>
            <select name="environment" aria-label="Environment">
                <option value="">"All environments"</option>
                {environments.into_iter().map(|row| {
                    let is_chosen = query.environment == Some(row.environment.id);
                    view! { <option value=row.environment.id.to_string() selected=is_chosen>{row.environment.name}</option> }
                }).collect_view()}
            </select>
            <select name="status" aria-label="Status">
                <option value="">"Any status"</option>
                {DeploymentStatus::ALL.map(|status| {
                    let is_chosen = query.status == Some(status);
                    view! { <option value=status.name() selected=is_chosen>{status.label()}</option> }
                }).into_iter().collect_view()}
            </select>
            <button class="button" type="submit">"Apply"</button>
            {is_filtered.then(|| view! { <a class="button ghost" href="?">"Clear"</a> })}
        </form>
    }
}

/// How the first deployment comes about.
#[component]
fn QuickStart(context: OrgContext, found: ProjectView) -> impl IntoView {
    let org = context.org.slug.clone();
    let project = found.project.id;
    let may_deploy = context.may(Capability::CreateDeployment);
    let may_make_keys = context.may(Capability::ManageApiKeys);
    let words = if may_deploy {
        "Report the first one from your terminal or your CI, with an API key that has the scope deploy."
    } else {
        "When somebody in your team deploys this project, it appears here."
    };
    view! {
        <EmptyState glyph=Glyph::Rocket title="No deployments yet" words=words>
            {may_make_keys.then(|| view! { <a class="button primary" href=Section::ApiKeys.path(&org)>"Create an API key"</a> })}
            {may_deploy.then(|| view! { <a class="button" href=format!("/app/{org}/projects/{project}/deployments/new")>"Deploy by hand"</a> })}
        </EmptyState>
        {may_deploy.then(|| view! {
            <div class="card-body stack snippets">
                <CodeBlock title="From a terminal" code=snippet::curl(&found.origin, project, None)/>
                <CodeBlock title="From GitHub Actions: .github/workflows/deploy.yml" code=snippet::github_actions(&found.origin, project)/>
            </div>
        })}
    }
}

#[component]
fn Table(org: OrgSlug, rows: Vec<DeploymentCard>, now: DateTime<Utc>) -> impl IntoView {
    view! {
        <table class="table deployments">
            <caption class="visually-hidden">"Deployments"</caption>
            <thead>
                <tr>
                    <th scope="col">"Deployment"</th><th scope="col">"Status"</th><th scope="col">"Environment"</th>
                    <th scope="col">"By"</th><th scope="col">"Created"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| view! { <Row org=org.clone() row=row now=now/> }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(org: OrgSlug, row: DeploymentCard, now: DateTime<Utc>) -> impl IntoView {
    let path = format!(
        "/app/{org}/projects/{}/deployments/{}",
        row.project_id, row.id
    );
    let origin = [row.git_ref.clone(), row.commit_sha.as_deref().map(short)];
    let origin: Vec<_> = origin.into_iter().flatten().collect();
    view! {
        <tr>
            <td class="main">
                <a class="row-link" href=path>{title(&row)}</a>
                <span class="muted mono">{origin.join(" · ")}</span>
            </td>
            <td data-label="Status"><Status of=row.id status=row.status/></td>
            <td data-label="Environment">{row.environment}</td>
            <td data-label="By" class="muted">{row.created_by.name}</td>
            <td data-label="Created"><Ago at=row.created_at now=now/></td>
        </tr>
    }
}

/// What a deployment is called: the first line of its message, or its id.
pub fn title(row: &DeploymentCard) -> String {
    let line = row.message.as_deref().and_then(|text| text.lines().next());
    line.map_or_else(|| row.id.to_string(), str::to_owned)
}

/// A commit, as Git abbreviates it.
pub fn short(commit: &str) -> String {
    commit.chars().take(COMMIT_SHOWN).collect()
}
