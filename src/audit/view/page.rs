use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{detail::Detail, filters::Filters};
use crate::{
    audit::{
        api,
        model::{Activity, AuditEntry, AuditPage, AuditQuery, Event, Preview},
    },
    billing::Feature,
    id::OrgSlug,
    organizations::view::{Crumb, OrgPage, Section, more_path, org_page},
    ui::{
        Ago, Avatar, EmptyState, Glyph, Icon, Pager,
        page::{PageRequest, encoded},
    },
};

#[component]
pub fn ActivityPage() -> impl IntoView {
    let query = AuditQuery::read(PageRequest::query);
    let asked = query.clone();
    org_page(
        move |org| async move { api::get_activity(org, asked).await },
        move |context, activity| {
            let org = context.org.slug.clone();
            let is_open = matches!(activity, Activity::Open(_));
            OrgPage {
                section: Section::Activity,
                title: "Activity".to_owned(),
                crumbs: vec![Crumb::here("Activity")],
                action: is_open.then(|| view! { <Export org=org.clone() query=query.clone()/> }.into_any()),
                is_narrow: false,
                body: view! {
                    <div class="page-title">
                        <div><h1>"Activity"</h1><p class="muted">"Who did what, on which, from where and when"</p></div>
                    </div>
                    {match activity {
                        Activity::Open(page) => view! { <Log query=query page=*page/> }.into_any(),
                        Activity::Locked(preview) => view! { <Locked preview=preview more=more_path(context)/> }.into_any(),
                    }}
                }
                .into_any(),
            }
        },
    )
}

/// The address of the log with these filters and one more value.
pub(super) fn address(query: &AuditQuery, with: Option<(&str, String)>) -> String {
    let pairs: Vec<String> = query
        .filters()
        .into_iter()
        .chain(with)
        .map(|(name, value)| format!("{name}={}", encoded(&value)))
        .collect();
    format!("?{}", pairs.join("&"))
}

/// The rows that the page shows, as files.
#[component]
fn Export(org: OrgSlug, query: AuditQuery) -> impl IntoView {
    let filters = address(&query, None);
    let file = |ending: &str| format!("/api/app/{org}/audit.{ending}{filters}");
    view! {
        <button class="button" type="button" popovertarget="export-menu"><Icon glyph=Glyph::Download/>"Export"</button>
        <div class="menu" id="export-menu" popover>
            <a class="item" href=file("csv") download><span class="label">"CSV, for spreadsheets"</span></a>
            <a class="item" href=file("jsonl") download><span class="label">"JSON lines, for programs"</span></a>
        </div>
    }
}

#[component]
fn Log(query: AuditQuery, page: AuditPage) -> impl IntoView {
    let (now, detail) = (page.now, page.detail.clone());
    let newer = page
        .newer
        .map(|seq| address(&query, Some(("before", seq.to_string()))));
    let older = page
        .older
        .map(|seq| address(&query, Some(("after", seq.to_string()))));
    let is_filtered = !query.filters().is_empty();
    view! {
        <Filters query=query.clone() people=page.people/>
        <div class="card table-card">
            {if page.rows.is_empty() {
                view! { <Nothing is_filtered=is_filtered/> }.into_any()
            } else {
                view! {
                    <table class="table activity">
                        <caption class="visually-hidden">"Activity, newest first"</caption>
                        <thead>
                            <tr><th scope="col">"Who and what"</th><th scope="col">"Action"</th><th scope="col">"From"</th><th scope="col">"When"</th></tr>
                        </thead>
                        <tbody>
                            {page.rows.into_iter().map(|entry| view! { <Row query=query.clone() entry=entry now=now/> }).collect_view()}
                        </tbody>
                    </table>
                    <Pager newer=newer older=older/>
                }.into_any()
            }}
        </div>
        {detail.map(|entry| view! { <Detail query=query entry=entry now=now/> })}
    }
}

#[component]
fn Nothing(is_filtered: bool) -> impl IntoView {
    if is_filtered {
        view! {
            <EmptyState glyph=Glyph::Search title="Nothing found" words="Nothing that was done here fits these filters.">
                <a class="button" href="?">"Show all activity"</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <EmptyState glyph=Glyph::Activity title="Nothing yet" words="What people do here appears here."/> }.into_any()
    }
}

/// What an entry is about, as it was called then; nothing if it is about the
/// actor.
pub(super) fn subject(entry: &AuditEntry) -> Option<String> {
    if entry.actor_id.is_some() && entry.actor_id == entry.entity_id {
        return None;
    }
    let text = |path: &str| entry.metadata.pointer(path)?.as_str().map(str::to_owned);
    [
        "/name",
        "/after/name",
        "/email",
        "/after/slug",
        "/after/owner/name",
    ]
    .into_iter()
    .find_map(text)
}

#[component]
fn Row(query: AuditQuery, entry: AuditEntry, now: DateTime<Utc>) -> impl IntoView {
    let open = address(&query, Some(("event", entry.id.to_string())));
    let subject = subject(&entry).map(|subject| format!(" “{subject}”"));
    view! {
        <tr>
            <td class="main event">
                <Avatar name=entry.actor_name.clone() class="avatar small"/>
                <a class="row-link" href=open>{entry.actor_name} " " {Event::words(&entry.action).to_owned()} {subject}</a>
            </td>
            <td data-label="Action"><code class="mono muted">{entry.action.clone()}</code></td>
            <td data-label="From" class="muted">{entry.ip}</td>
            <td data-label="When"><Ago at=entry.created_at now=now/></td>
        </tr>
    }
}

/// What there would be to see with another plan.
#[component]
fn Locked(preview: Preview, more: String) -> impl IntoView {
    let now = preview.now;
    let plan = Feature::AuditLog.first_plan().label();
    let words = format!(
        "{} changes are recorded already. The {plan} plan shows who made them, with filters, details and export.",
        preview.rows
    );
    view! {
        <div class="card table-card">
            <table class="table locked">
                <caption class="visually-hidden">"The newest activity, in part"</caption>
                <tbody>
                    {preview.newest.into_iter().map(|(action, at)| view! {
                        <tr>
                            <td class="main event"><span class="withheld" aria-hidden="true"></span><span>"Somebody " {Event::words(&action).to_owned()} " …"</span></td>
                            <td data-label="When"><Ago at=at now=now/></td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
            <EmptyState glyph=Glyph::Lock title=format!("The audit log comes with {plan}") words=words>
                <a class="button primary" href=more>"Compare plans"</a>
            </EmptyState>
        </div>
    }
}
