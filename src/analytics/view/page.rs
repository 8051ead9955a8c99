//! The page: what is chosen stands in its address.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    dashboard::{FIRST_PROJECT, dashboard},
    steps::FirstSteps,
};
use crate::{
    access::Capability,
    analytics::{
        api,
        model::{Metric, Overview, Range},
    },
    id::OrgSlug,
    organizations::view::{Crumb, OrgPage, Section, org_page},
    ui::{EmptyState, Glyph, Icon, live::live_part, page::PageRequest},
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let range = PageRequest::query("range").and_then(|name| Range::named(&name));
    let metric = PageRequest::query("show").and_then(|name| Metric::named(&name));
    let metric = metric.unwrap_or_default();
    org_page(
        move |org| api::get_overview(org, range.unwrap_or_default()),
        move |context, overview: Overview| {
            let org = context.org.slug.clone();
            let may_create = context.may(Capability::CreateProject);
            let checklist = overview
                .checklist
                .filter(|_| context.may(Capability::ManageSettings));
            let is_empty = overview.live.projects == 0;
            let range = overview.history.range;
            let steps = checklist.map(|checklist| {
                view! { <FirstSteps org=org.clone() name=context.org.name.clone() checklist=checklist is_short=!is_empty/> }
            });
            let has_steps = steps.is_some();
            OrgPage {
                section: Section::Overview,
                title: "Overview".to_owned(),
                crumbs: vec![Crumb::here("Overview")],
                action: may_create.then(|| view! {
                    <a class="button primary" href=format!("/app/{org}/projects/new")><Icon glyph=Glyph::Plus/>"New project"</a>
                }.into_any()),
                is_narrow: false,
                body: view! {
                    <div class="page-title">
                        <h1>"Overview"</h1>
                        {(!is_empty).then(|| view! { <Ranges ranges=overview.ranges current=range metric=metric/> })}
                    </div>
                    {steps}
                    {if is_empty {
                        view! {
                            {live_part(&FIRST_PROJECT, &Value::Null, ().into_any())}
                            {(!has_steps).then(|| view! { <Nothing org=org may_create=may_create/> })}
                        }.into_any()
                    } else {
                        let sees_activity = context.may(Capability::ViewAudit);
                        dashboard(&org, sees_activity, metric, overview.history, overview.live).into_any()
                    }}
                }
                .into_any(),
            }
        },
    )
}

/// How far back it is looked.
#[component]
fn Ranges(ranges: Vec<Range>, current: Range, metric: Metric) -> impl IntoView {
    let link = move |range: Range| {
        let address = address(range, metric);
        let is_current = range == current;
        view! {
            <a href=address aria-current=is_current.then_some("true") aria-label=format!("Last {}", range.label())>{range.name()}</a>
        }
    };
    view! {
        <nav class="segments" aria-label="Range">{ranges.into_iter().map(link).collect_view()}</nav>
    }
}

/// What is shown, as it stands in the address.
pub fn address(range: Range, metric: Metric) -> String {
    format!("?range={}&show={}", range.name(), metric.name())
}

/// Where there is nothing to be shown yet, and nothing that the reader could do
/// about it, or has put away.
#[component]
fn Nothing(org: OrgSlug, may_create: bool) -> impl IntoView {
    view! {
        <section class="card">
            <EmptyState glyph=Glyph::FolderPlus title="No projects yet" words="A project is what your team ships: an app, a service, a site. What goes on in it appears here.">
                {may_create.then(|| view! { <a class="button primary" href=format!("/app/{org}/projects/new")>"Create project"</a> })}
            </EmptyState>
        </section>
    }
}
