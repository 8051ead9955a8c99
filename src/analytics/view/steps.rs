//! The overview of an organization.

use leptos::prelude::*;

use super::{
    api,
    model::{Checklist, Overview},
};
use crate::{
    access::Capability,
    billing::Quota,
    id::OrgSlug,
    organizations::{
        model::Usage,
        view::{Crumb, OrgPage, Section, org_page},
    },
    projects::model::ProjectCard,
    ui::{
        Ago, EmptyState, Glyph, Icon, NameCell, StatCard,
        chart::{Bar, BarChart},
        display::Change,
        form::ButtonForm,
    },
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    org_page(api::get_overview, |context, overview: Overview| {
        let org = context.org.slug.clone();
        let may_create = context.may(Capability::CreateProject);
        let checklist = overview
            .checklist
            .filter(|_| context.may(Capability::ManageSettings));
        OrgPage {
            section: Section::Overview,
            title: "Overview".to_owned(),
            crumbs: vec![Crumb::here("Overview")],
            action: may_create.then(|| view! {
                <a class="button primary" href=format!("/app/{org}/projects/new")><Icon glyph=Glyph::Plus/>"New project"</a>
            }.into_any()),
            is_narrow: false,
            body: view! {
                <div class="page-title"><h1>"Overview"</h1></div>
                <Figures overview=overview.clone()/>
                {checklist.map(|checklist| view! { <FirstSteps org=org.clone() name=context.org.name.clone() checklist=checklist/> })}
                <Activity overview=overview.clone()/>
                <Newest org=org overview=overview may_create=may_create/>
            }
            .into_any(),
        }
    })
}

#[component]
fn Figures(overview: Overview) -> impl IntoView {
    let (changes, days) = (overview.changes_in_all(), overview.changes.len());
    let (change, note) = match overview.changes_before {
        Some(before) => (
            Some(Change::new(before, changes)),
            format!("vs. the {days} days before"),
        ),
        None => (None, "as far as the plan keeps".to_owned()),
    };
    view! {
        <div class="grid cards-4">
            <StatCard label="Projects" value=overview.projects.used.to_string() note=of(overview.projects)/>
            <StatCard label="Members" value=overview.members.used.to_string() note=of(overview.members)/>
            <StatCard
                label=format!("Changes, {days} days")
                value=changes.to_string()
                change=change
                note=note
            />
            <StatCard label="People who changed something" value=overview.people.to_string() note=format!("in {days} days")/>
        </div>
    }
}

fn of(usage: Usage) -> String {
    match usage.quota {
        Quota::Limited(max) => format!("of {max} in the plan"),
        Quota::Unlimited => "unlimited in the plan".to_owned(),
    }
}

#[component]
fn Activity(overview: Overview) -> impl IntoView {
    let bars: Vec<Bar> = overview
        .changes
        .iter()
        .map(|day| Bar {
            label: day.day.format("%-d %B").to_string(),
            value: day.count,
        })
        .collect();
    let tick = |place: usize| {
        overview
            .changes
            .get(place)
            .map(|day| day.day.format("%-d %b").to_string())
    };
    let days = bars.len();
    let ticks = [0, days / 2, days.saturating_sub(1)]
        .into_iter()
        .filter_map(tick)
        .collect();
    view! {
        <section class="card" aria-labelledby="activity">
            <div class="card-head"><div><h2 id="activity">"Activity"</h2><p class="muted">"Changes per day, in UTC"</p></div></div>
            <div class="card-body">
                <BarChart id="activity-chart" title=format!("Changes per day, last {days} days") unit="Changes" bars=bars ticks=ticks/>
            </div>
        </section>
    }
}

#[component]
fn Newest(org: OrgSlug, overview: Overview, may_create: bool) -> impl IntoView {
    let projects = Section::Projects.path(&org);
    let now = overview.now;
    let row = move |project: ProjectCard| {
        view! {
            <tr>
                <NameCell path=format!("/app/{org}/projects/{}", project.id) name=project.name words=project.description/>
                <td data-label="Updated"><Ago at=project.updated_at now=now/></td>
            </tr>
        }
    };
    view! {
        <section class="card table-card" aria-labelledby="newest">
            <div class="card-head"><h2 id="newest">"Newest projects"</h2><a class="button small" href=projects.clone()>"View all"</a></div>
            {if overview.newest.is_empty() {
                view! {
                    <EmptyState glyph=Glyph::FolderPlus title="No projects yet" words="A project is what your team ships: an app, a service, a site.">
                        {may_create.then(|| view! { <a class="button primary" href=format!("{projects}/new")>"Create project"</a> })}
                    </EmptyState>
                }.into_any()
            } else {
                view! {
                    <table class="table">
                        <caption class="visually-hidden">"Newest projects"</caption>
                        <thead><tr><th scope="col">"Name"</th><th scope="col">"Updated"</th></tr></thead>
                        <tbody>{overview.newest.into_iter().map(row).collect_view()}</tbody>
                    </table>
                }.into_any()
            }}
        </section>
    }
}

/// First steps, until they are done or put away.
#[component]
fn FirstSteps(org: OrgSlug, name: String, checklist: Checklist) -> impl IntoView {
    let steps = [
        (true, "Create the organization", String::new(), ""),
        (
            checklist.has_project,
            "Create a project",
            format!("/app/{org}/projects/new"),
            "Create",
        ),
        (
            checklist.has_key,
            "Make an API key",
            Section::ApiKeys.path(&org),
            "Make",
        ),
        (
            checklist.has_deployment,
            "Report a deployment",
            Section::ApiKeys.path(&org),
            "See how",
        ),
        (
            checklist.has_teammate,
            "Invite a teammate",
            format!("/app/{org}/settings/members"),
            "Invite",
        ),
        (
            checklist.has_image,
            "Choose an image",
            format!("/app/{org}/settings"),
            "Choose",
        ),
    ];
    let done = steps.iter().filter(|(done, ..)| *done).count();
    let words = format!("{done} of {} done", steps.len());
    let count = steps.len();
    view! {
        <section class="card checklist" aria-labelledby="first-steps">
            <div class="card-head">
                <div><h2 id="first-steps">{format!("Get {name} ready")}</h2><p class="muted">{words.clone()}</p></div>
                <ButtonForm function="dismiss_checklist" org=org.to_string() label="Dismiss" class="button ghost small"/>
            </div>
            <meter class="meter" min="0" max=count.to_string() value=done.to_string() aria-label=words.clone()>{words.clone()}</meter>
            <ol>{steps.map(step).into_iter().collect_view()}</ol>
        </section>
    }
}

fn step((done, label, path, verb): (bool, &'static str, String, &'static str)) -> impl IntoView {
    if done {
        return view! {
            <li class="done">
                <Icon glyph=Glyph::CircleCheck/>
                <span class="body"><strong><span class="visually-hidden">"Done: "</span>{label}</strong></span>
            </li>
        }
        .into_any();
    }
    view! {
        <li>
            <Icon glyph=Glyph::Circle/>
            <span class="body"><strong>{label}</strong></span>
            <a class="button small" href=path>{verb}</a>
        </li>
    }
    .into_any()
}
