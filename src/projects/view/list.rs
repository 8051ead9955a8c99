//! The list of projects. What is looked for, and where the page of the list
//! begins, stand in the address.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    access::Capability,
    id::OrgSlug,
    organizations::view::{Crumb, OrgPage, Section, org_page},
    paging::Place,
    projects::{
        api,
        model::{ProjectCard, ProjectPage, ProjectQuery},
    },
    ui::{
        Ago, EmptyState, Glyph, Icon, NameCell, Pager,
        page::{PageRequest, encoded},
    },
};

#[component]
pub fn ProjectsPage() -> impl IntoView {
    let query = query();
    let q = query.q.clone();
    org_page(
        move |org| async move { api::list_projects(org, query).await },
        move |context, page| {
            let org = context.org.slug.clone();
            let may_create = context.may(Capability::CreateProject);
            OrgPage {
                section: Section::Projects,
                title: "Projects".to_owned(),
                crumbs: vec![Crumb::here("Projects")],
                action: may_create.then(|| view! { <NewProject org=org.clone()/> }.into_any()),
                is_narrow: false,
                body: view! {
                    <div class="page-title"><div><h1>"Projects"</h1><p class="muted">{count(&page)}</p></div></div>
                    <Filters q=q.clone()/>
                    <div class="card table-card">
                        {if page.rows.is_empty() {
                            view! { <NoProjects q=q.clone() org=org.clone() may_create=may_create/> }.into_any()
                        } else {
                            view! { <Table org=org.clone() page=page q=q.clone()/> }.into_any()
                        }}
                    </div>
                }
                .into_any(),
            }
        },
    )
}

fn query() -> ProjectQuery {
    let id = |name: &str| PageRequest::query(name).and_then(|id| id.parse().ok());
    ProjectQuery {
        q: PageRequest::query("q").unwrap_or_default(),
        place: Place::between(id("after"), id("before")),
    }
}

fn count(page: &ProjectPage) -> String {
    match page.total {
        1 => "1 project".to_owned(),
        total => format!("{total} projects"),
    }
}

#[component]
pub fn NewProject(org: OrgSlug) -> impl IntoView {
    view! {
        <a class="button primary" href=format!("/app/{org}/projects/new")><Icon glyph=Glyph::Plus/>"New project"</a>
    }
}

#[component]
fn Filters(q: String) -> impl IntoView {
    view! {
        <div class="filters" role="search">
            <form class="search" method="get">
                <Icon glyph=Glyph::Search/>
                <input
                    type="search"
                    name="q"
                    value=q.clone()
                    aria-label="Search projects"
                    placeholder="Search projects"
                    autocomplete="off"
                    data-filter
                />
                <kbd aria-hidden="true">"/"</kbd>
            </form>
            {(!q.is_empty()).then(|| view! { <a class="button ghost" href="?">"Clear"</a> })}
        </div>
    }
}

#[component]
fn NoProjects(q: String, org: OrgSlug, may_create: bool) -> impl IntoView {
    if !q.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Search title="Nothing found" words=format!("No project is called anything like “{q}”.")>
                <a class="button" href="?">"Show all projects"</a>
            </EmptyState>
        }
        .into_any();
    }
    let words = if may_create {
        "A project is what your team ships: an app, a service, a site."
    } else {
        "When someone in your team creates a project, it appears here."
    };
    view! {
        <EmptyState glyph=Glyph::FolderPlus title="No projects yet" words=words>
            {may_create.then(|| view! { <NewProject org=org/> })}
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Table(org: OrgSlug, page: ProjectPage, q: String) -> impl IntoView {
    let now = page.now;
    let link = |place: &str| match q.as_str() {
        "" => format!("?{place}"),
        q => format!("?q={}&{place}", encoded(q)),
    };
    let newer = page.newer.map(|id| link(&format!("before={id}")));
    let older = page.older.map(|id| link(&format!("after={id}")));
    view! {
        <table class="table">
            <caption class="visually-hidden">"Projects"</caption>
            <thead>
                <tr><th scope="col">"Name"</th><th scope="col">"Created"</th><th scope="col">"Updated"</th></tr>
            </thead>
            <tbody>
                {page.rows.into_iter().map(|project| view! { <Row org=org.clone() project=project now=now/> }).collect_view()}
            </tbody>
        </table>
        <Pager newer=newer older=older/>
    }
}

#[component]
fn Row(org: OrgSlug, project: ProjectCard, now: DateTime<Utc>) -> impl IntoView {
    view! {
        <tr>
            <NameCell path=format!("/app/{org}/projects/{}", project.id) name=project.name words=project.description/>
            <td data-label="Created"><Ago at=project.created_at now=now/></td>
            <td data-label="Updated"><Ago at=project.updated_at now=now/></td>
        </tr>
    }
}
