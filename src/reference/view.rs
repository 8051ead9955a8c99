//! The reference of the API, on one page.

use leptos::prelude::*;

use super::{
    api,
    model::{Field, Group, Operation, Reference},
};
use crate::ui::{CodeBlock, Logo, PageTitle, load, page::PageRequest, theme_switch::ThemeSwitch};

#[component]
pub fn ReferencePage() -> impl IntoView {
    load(api::get_reference(), |reference: Reference| {
        view! {
            <PageTitle text="API reference"/>
            <a class="skip" href="#main">"Skip to content"</a>
            <header class="site-header">
                <div class="wrap">
                    <a class="brand" href="/"><Logo/>"Atrium"</a>
                    <nav aria-label="Site"><a href="/app">"Dashboard"</a><a href="/api/openapi.json">"OpenAPI"</a></nav>
                    <ThemeSwitch theme=PageRequest::current().theme/>
                </div>
            </header>
            <div class="reference wrap">
                <Contents groups=reference.groups.clone()/>
                <main id="main" tabindex="-1">
                    <Introduction reference=reference.clone()/>
                    {reference.groups.into_iter().map(|group| view! { <Section group=group/> }).collect_view()}
                </main>
            </div>
        }
    })
}

#[component]
fn Contents(groups: Vec<Group>) -> impl IntoView {
    let entry = |operation: Operation| {
        view! { <li><a href=format!("#{}", operation.id)>{operation.title}</a></li> }
    };
    view! {
        <nav class="contents" aria-label="Contents">
            {groups.into_iter().map(|group| view! {
                <h2>{group.name}</h2>
                <ul>{group.operations.into_iter().map(entry).collect_view()}</ul>
            }).collect_view()}
        </nav>
    }
}

#[component]
fn Introduction(reference: Reference) -> impl IntoView {
    let first = format!(
        "export ATRIUM_API_KEY=atr_live_…\ncurl {}/api/v1/organization \\\n  -H \"Authorization: Bearer $ATRIUM_API_KEY\"",
        reference.origin
    );
    view! {
        <section class="stack">
            <h1>"API reference"</h1>
            {reference.introduction.into_iter().map(|words| view! { <p><Words text=words/></p> }).collect_view()}
            <CodeBlock title="The first call" code=first/>
            <div class="card table-card scroll" tabindex="0" role="region" aria-label="What a call may be refused with">
                <table class="table plain">
                    <thead><tr><th scope="col">"Status"</th><th scope="col">"When"</th></tr></thead>
                    <tbody>
                        {reference.refusals.into_iter().map(|(status, words)| view! {
                            <tr><td><code class="mono">{status}</code></td><td class="wrapping"><Words text=words/></td></tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
            <h2>"What a refusal says"</h2>
            <div class="card"><div class="card-body"><FieldList fields=reference.problem/></div></div>
        </section>
    }
}

#[component]
fn Section(group: Group) -> impl IntoView {
    view! {
        <section class="stack">
            <div><h2>{group.name}</h2><p class="muted">{group.words}</p></div>
            {group.operations.into_iter().map(|operation| view! { <OperationCard operation=operation/> }).collect_view()}
        </section>
    }
}

#[component]
fn OperationCard(operation: Operation) -> impl IntoView {
    let id = operation.id.clone();
    let method = operation.method.clone();
    view! {
        <article class="card operation" id=id>
            <div class="card-head">
                <div>
                    <h3>{operation.title}</h3>
                    <p class="endpoint"><span class="method" data-method=method>{operation.method}</span> <code class="mono">{operation.path}</code></p>
                </div>
            </div>
            <div class="card-body stack">
                {(!operation.words.is_empty()).then(|| view! { <p><Words text=operation.words/></p> })}
                <p class="muted">"Needs the scope " <code class="mono">{operation.scope}</code></p>
                <Fields title="Parameters" fields=operation.parameters/>
                <Fields title="Body" fields=operation.body/>
                <Fields title="Answer" fields=operation.answer/>
                <p class="muted">"Statuses: " {operation.statuses.join(", ")}</p>
                <CodeBlock title="With curl" code=operation.curl/>
            </div>
        </article>
    }
}

#[component]
fn Fields(title: &'static str, fields: Vec<Field>) -> impl IntoView {
    (!fields.is_empty()).then(|| {
        view! {
            <div>
                <h4>{title}</h4>
                <FieldList fields=fields/>
            </div>
        }
    })
}

#[component]
fn FieldList(fields: Vec<Field>) -> impl IntoView {
    view! {
        <dl class="fields">
            {fields.into_iter().map(|field| view! {
                <div>
                    <dt>
                        <code class="mono">{field.name}</code> " " <span class="muted">{field.kind}</span>
                        {field.is_required.then(|| view! { " " <span class="needed">"required"</span> })}
                    </dt>
                    <dd class="muted"><Words text=field.words/></dd>
                </div>
            }).collect_view()}
        </dl>
    }
}

/// Words, with what stands between backquotes as code.
#[component]
fn Words(text: String) -> impl IntoView {
    text.split('`')
        .enumerate()
        .map(|(place, part)| {
            let part = part.to_owned();
            if place % 2 == 1 {
                view! { <code class="mono">{part}</code> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect_view()
}
