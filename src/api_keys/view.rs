//! The keys of an organization, and how to begin with one.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{
    api,
    model::{KeyRow, Keys, Lifetime, NAME_MAX, Overlap},
};
use crate::{
    access::KeyScope,
    flash::{Flash, SecretFlash},
    id::OrgSlug,
    organizations::view::{Crumb, OrgPage, Section, org_page},
    projects::view::snippet,
    ui::{
        Ago, Badge, CodeBlock, EmptyState, Field, Form, Glyph, SecretReveal, Select, Submit, Tick,
        Ticks, form::Confirm,
    },
};

#[component]
pub fn ApiKeysPage() -> impl IntoView {
    let made = use_context::<Flash>().and_then(|flash| flash.secret);
    org_page(api::list_api_keys, move |context, keys: Keys| {
        let org = context.org.slug.clone();
        let own = Section::ApiKeys.path(&org);
        let made = made.filter(|made| made.page == own);
        OrgPage {
            section: Section::ApiKeys,
            title: "API keys".to_owned(),
            crumbs: vec![Crumb::here("API keys")],
            action: None,
            is_narrow: false,
            body: view! {
                <div class="page-title">
                    <div><h1>"API keys"</h1><p class="muted">"For programs that work with this organization: your CI, scripts, other services."</p></div>
                    <a class="button" href="/api/docs">"API reference"</a>
                </div>
                {match made.clone() {
                    Some(made) => view! { <Made org=org.clone() made=made keys=keys.clone()/> }.into_any(),
                    None => view! { <NewKey org=org.clone()/> }.into_any(),
                }}
                <List org=org.clone() keys=keys.clone()/>
                {(made.is_none() || keys.example.is_none()).then(|| view! { <QuickStart org=org keys=keys.clone()/> })}
            }
            .into_any(),
        }
    })
}

#[component]
fn NewKey(org: OrgSlug) -> impl IntoView {
    let ticks = KeyScope::ALL
        .map(|scope| Tick {
            name: format!("new[{}]", scope.name()),
            label: scope.name().to_owned(),
            hint: scope.words().to_owned(),
            is_ticked: scope != KeyScope::Write,
        })
        .into();
    let lifetimes = Lifetime::ALL
        .map(|lifetime| (lifetime.name().to_owned(), lifetime.label().to_owned()))
        .into();
    view! {
        <section class="card" aria-labelledby="new-key">
            <div class="card-head"><h2 id="new-key">"New API key"</h2></div>
            <Form function="create_api_key" org=org.to_string()>
                <div class="card-body new-key">
                    <Field name="new[name]" label="Name" max=NAME_MAX autocomplete="off" hint="What it is for, like GitHub Actions"/>
                    <Select name="new[lifetime]" label="Expires in" options=lifetimes value=Lifetime::default().name()/>
                    <Ticks name="new[scopes]" label="Scopes" ticks=ticks/>
                </div>
                <div class="card-foot"><Submit label="Create key"/></div>
            </Form>
        </section>
    }
}

/// A key that was made a moment ago, and how to begin with it.
#[component]
fn Made(org: OrgSlug, made: SecretFlash, keys: Keys) -> impl IntoView {
    let SecretFlash { key, name, .. } = made;
    let example = keys
        .example
        .map(|project| snippet::curl(&keys.origin, project, Some(&key)));
    let done = Section::ApiKeys.path(&org);
    view! {
        <SecretReveal
            title=format!("“{name}” is ready")
            secret=key
            words="Copy it now and keep it somewhere safe. It is shown this once; we keep no more than its hash."
            done=done
        >
            {example.map(|code| view! { <CodeBlock title="Try it: this creates a deployment" code=code/> })}
        </SecretReveal>
    }
}

#[component]
fn List(org: OrgSlug, keys: Keys) -> impl IntoView {
    let now = keys.now;
    view! {
        <section class="card table-card" aria-labelledby="keys">
            <div class="card-head"><h2 id="keys">"Keys " <span class="count">{keys.rows.len()}</span></h2></div>
            {if keys.rows.is_empty() {
                view! { <EmptyState glyph=Glyph::Key title="No keys yet" words="A key lets a program act for whoever made it, as far as its scopes go."/> }.into_any()
            } else {
                view! {
                    <table class="table people">
                        <caption class="visually-hidden">"API keys"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Name"</th><th scope="col">"Scopes"</th><th scope="col">"Last used"</th><th scope="col">"Expires"</th>
                                <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                            </tr>
                        </thead>
                        <tbody>{keys.rows.into_iter().map(|row| view! { <Row org=org.clone() row=row now=now/> }).collect_view()}</tbody>
                    </table>
                }.into_any()
            }}
        </section>
    }
}

#[component]
fn Row(org: OrgSlug, row: KeyRow, now: DateTime<Utc>) -> impl IntoView {
    let id = row.id.to_string();
    let (rotate, revoke) = (format!("rotate-{id}"), format!("revoke-{id}"));
    let by = match &row.creator {
        _ if row.is_replaced => "replaced by a newer one".to_owned(),
        Some(name) => format!("by {name}"),
        None => "its maker left: it does nothing any more".to_owned(),
    };
    let scopes = row
        .scopes
        .list()
        .iter()
        .map(|scope| view! { <Badge label=scope.name() class="badge pill"/> " " });
    view! {
        <tr>
            <td class="person">
                <span class="body">
                    <strong>{row.name.clone()}</strong>
                    <span class="muted"><code class="mono">{format!("{}…{}", row.prefix, row.last_four)}</code> " " {by}</span>
                </span>
            </td>
            <td data-label="Scopes">{scopes.collect_view()}</td>
            <td data-label="Last used">{match row.last_used_at {
                Some(at) => view! { <Ago at=at now=now/> }.into_any(),
                None => view! { <span class="muted">"Never"</span> }.into_any(),
            }}</td>
            <td data-label="Expires">{match row.expires_at {
                Some(at) => view! { <span class="muted">{until(at, now)}</span> }.into_any(),
                None => view! { <span class="muted">"Never"</span> }.into_any(),
            }}</td>
            <td class="end">
                <div class="buttons">
                    {(!row.is_replaced).then(|| view! {
                        <button class="button small" type="button" commandfor=rotate.clone() command="show-modal" aria-label=format!("Rotate {}", row.name)>"Rotate…"</button>
                    })}
                    <button class="button small" type="button" commandfor=revoke.clone() command="show-modal" aria-label=format!("Revoke {}", row.name)>"Revoke…"</button>
                </div>
                {(!row.is_replaced).then(|| view! { <Rotate org=org.clone() id=id.clone() dialog=rotate.clone() name=row.name.clone()/> })}
                <Confirm
                    id=revoke
                    function="revoke_api_key"
                    org=org.to_string()
                    title=format!("Revoke {}", row.name)
                    warning="Whatever uses it is refused from now on. It can't be undone."
                    label="Revoke key"
                    with=("key", id)
                />
            </td>
        </tr>
    }
}

#[component]
fn Rotate(org: OrgSlug, id: String, dialog: String, name: String) -> impl IntoView {
    let overlaps = Overlap::ALL
        .map(|overlap| (overlap.name().to_owned(), overlap.label().to_owned()))
        .into();
    view! {
        <Confirm
            id=dialog
            function="rotate_api_key"
            org=org.to_string()
            title=format!("Rotate {name}")
            warning="A new key with the same name and scopes takes its place, and acts for you, as far as your own role goes. The old one goes on for as long as you need to put the new one everywhere."
            label="Make the new key"
            class="button primary"
            with=("key", id)
        >
            <Select name="overlap" label="The old key ends" options=overlaps value=Overlap::default().name()/>
        </Confirm>
    }
}

/// How long it is until then, in words.
fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let hours = (at - now).num_hours();
    match hours {
        ..1 => "within an hour".to_owned(),
        1 => "in an hour".to_owned(),
        2..48 => format!("in {hours} hours"),
        _ => format!("in {} days", (hours + 12) / 24),
    }
}

/// What to do with a key.
#[component]
fn QuickStart(org: OrgSlug, keys: Keys) -> impl IntoView {
    let Some(project) = keys.example else {
        return view! {
            <section class="card">
                <EmptyState glyph=Glyph::FolderPlus title="Create a project first" words="Then this page shows how to report its deployments.">
                    <a class="button" href=format!("/app/{org}/projects/new")>"Create project"</a>
                </EmptyState>
            </section>
        }
        .into_any();
    };
    view! {
        <section class="card" aria-labelledby="quick-start">
            <div class="card-head"><div><h2 id="quick-start">"Quick start"</h2><p class="muted">"Report a deployment of your newest project, with a key that has the scope deploy."</p></div></div>
            <div class="card-body stack snippets">
                <CodeBlock title="From a terminal" code=snippet::curl(&keys.origin, project, None)/>
                <CodeBlock title="From GitHub Actions: .github/workflows/deploy.yml" code=snippet::github_actions(&keys.origin, project)/>
            </div>
        </section>
    }
    .into_any()
}
