//! The shell around every page of an organization.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_location, use_params_map};

use super::{
    menus::{COUNT, OrgSwitcher, PlanMeter, UserMenu, project_count},
    plan_news::PlanNews,
    section::Section,
};
use crate::{
    access::Capability,
    billing::Standing,
    error::AppError,
    id::OrgSlug,
    organizations::{api, model::OrgContext},
    ui::{
        ErrorPage, Glyph, Icon, PageTitle,
        command::{Command, CommandCenter, Lookup, PALETTE},
        live::{LiveDot, LiveNews},
        page::{PageAnswer, PageRequest},
        sidebar::SidebarToggle,
        time::clock,
        toast::Toasts,
    },
};

/// A step of the way to a page.
pub struct Crumb {
    pub label: String,
    pub path: Option<String>,
}

/// What a page puts into the shell.
pub struct OrgPage {
    pub section: Section,
    pub title: String,
    /// After the organization itself.
    pub crumbs: Vec<Crumb>,
    /// The page's one primary action.
    pub action: Option<AnyView>,
    /// For forms, which read badly when they are wide.
    pub is_narrow: bool,
    pub body: AnyView,
}

impl Crumb {
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            path: None,
        }
    }

    pub fn to(section: Section, org: &OrgSlug) -> Self {
        Self {
            label: section.label().to_owned(),
            path: Some(section.path(org)),
        }
    }
}

/// A page of the organization that the address names, with what it shows.
pub fn org_page<T, Fut>(
    what: impl FnOnce(OrgSlug) -> Fut + Send + 'static,
    show: impl FnOnce(&OrgContext, T) -> OrgPage + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    framed(api::get_org_context, what, show)
}

/// The same, for what can be reached however the organization stands.
pub fn org_page_in_any_standing<T, Fut>(
    what: impl FnOnce(OrgSlug) -> Fut + Send + 'static,
    show: impl FnOnce(&OrgContext, T) -> OrgPage + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    framed(api::get_org_context_in_any_standing, what, show)
}

fn framed<T, Around, Fut>(
    around: impl FnOnce(OrgSlug) -> Around + Send + 'static,
    what: impl FnOnce(OrgSlug) -> Fut + Send + 'static,
    show: impl FnOnce(&OrgContext, T) -> OrgPage + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    Around: Future<Output = Result<OrgContext, AppError>> + Send + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let slug = use_params_map()
        .with_untracked(|params| params.get("org"))
        .unwrap_or_default();
    let path = use_location().pathname.get_untracked();
    Suspend::new(async move {
        let org = OrgSlug::from(slug.clone());
        let found = async {
            let context = around(org.clone()).await?;
            Ok((context, what(org.clone()).await?))
        };
        match found.await {
            Ok((context, found)) => {
                PageAnswer::remember(&context.org.slug);
                let page = show(&context, found);
                Either::Left(view! { <Frame context=context page=page/> })
            }
            Err(error) => Either::Right(missing(&org, &path, error).await),
        }
    })
}

/// An organization may have moved to another slug, or stand so that all its
/// pages lead to one; if not, it is an error.
async fn missing(org: &OrgSlug, path: &str, error: AppError) -> AnyView {
    if let AppError::Suspended { .. } = error {
        PageAnswer::onward(&format!("/app/{org}/reactivate"));
        return ().into_any();
    }
    if error == AppError::NotFound
        && let Ok(now) = api::moved_organization(org.clone()).await
        && now != *org
    {
        let rest = path
            .strip_prefix(&format!("/app/{org}"))
            .unwrap_or_default();
        let elsewhere = PageRequest::current().elsewhere;
        PageAnswer::onward(&format!(
            "{elsewhere}/app/{now}{rest}{}",
            PageRequest::query_string()
        ));
        return ().into_any();
    }
    view! { <ErrorPage error=error/> }.into_any()
}

#[component]
fn Frame(context: OrgContext, page: OrgPage) -> impl IntoView {
    let OrgPage {
        section,
        title,
        crumbs,
        action,
        is_narrow,
        body,
    } = page;
    let org = context.org.slug.clone();
    let content = if is_narrow {
        "content narrow"
    } else {
        "content"
    };
    view! {
        <PageTitle text=format!("{title} · {}", context.org.name)/>
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app">
            <Sidebar context=context.clone() section=section/>
            <div class="page">
                <header class="header">
                    <button class="button ghost icon-only only-phone" type="button" popovertarget="sidebar" aria-label="Open navigation">
                        <Icon glyph=Glyph::Menu/>
                    </button>
                    <SidebarToggle is_collapsed=PageRequest::current().is_sidebar_collapsed/>
                    <Breadcrumbs org_name=context.org.name.clone() org=org.clone() crumbs=crumbs/>
                    <div class="header-actions">
                        <LiveDot path=format!("/api/app/{org}/stream") as_of=format!("As of {} UTC", clock(context.now.timestamp()))/>
                        {action}
                    </div>
                </header>
                {(context.org.standing == Standing::Grace && section != Section::Billing).then(|| view! { <Overdue context=context.clone()/> })}
                <LiveNews/>
                <PlanNews seen=context.org.shown()/>
                <main class=content id="main" tabindex="-1">{body}</main>
            </div>
            <nav class="bottombar" aria-label="Quick navigation">
                {Section::some(Section::QUICK, &context).into_iter().map(|item| view! {
                    <a href=item.path(&org) aria-current=(item == section).then_some("page")>
                        <Icon glyph=item.glyph()/>{item.label()}
                    </a>
                }).collect_view()}
                {(!context.may(Section::Activity.needs())).then(|| view! {
                    <a href="/account"><Icon glyph=Glyph::User/>"Account"</a>
                })}
            </nav>
        </div>
        <CommandCenter commands=commands(&context) lookup=Some(lookup(&org))/>
        <Toasts/>
    }
}

/// For everyone, while a payment is overdue.
#[component]
fn Overdue(context: OrgContext) -> impl IntoView {
    let billing = Section::Billing.path(&context.org.slug);
    let is_payer = context.may(Capability::ManageBilling);
    view! {
        <div class="banner warning page-banner" role="status">
            <Icon glyph=Glyph::TriangleAlert/>
            <p>"The last payment for this organization failed. Everything still works; an owner needs to settle it soon."</p>
            {is_payer.then(|| view! { <a class="button small" href=billing>"Open billing"</a> })}
        </div>
    }
}

#[component]
fn Breadcrumbs(org_name: String, org: OrgSlug, crumbs: Vec<Crumb>) -> impl IntoView {
    view! {
        <nav class="breadcrumbs" aria-label="Breadcrumbs">
            <ol>
                <li><a href=Section::Overview.path(&org)>{org_name}</a></li>
                {crumbs.into_iter().map(|crumb| match crumb.path {
                    Some(path) => view! { <li><a href=path>{crumb.label}</a></li> }.into_any(),
                    None => view! { <li aria-current="page">{crumb.label}</li> }.into_any(),
                }).collect_view()}
            </ol>
        </nav>
    }
}

#[component]
fn Sidebar(context: OrgContext, section: Section) -> impl IntoView {
    let org = context.org.slug.clone();
    let projects = context.projects.used;
    let link = move |item: Section| {
        view! {
            <a href=item.path(&org) aria-current=(item == section).then_some("page") data-tip=item.label()>
                <Icon glyph=item.glyph()/>
                <span class="label">{item.label()}</span>
                {(item == Section::Projects).then(|| view! { <span id=COUNT>{project_count(projects).into_view()}</span> })}
            </a>
        }
    };
    let main = Section::some(Section::MAIN, &context);
    let settings = Section::some(Section::SETTINGS, &context);
    view! {
        <aside class="sidebar" id="sidebar" popover aria-label="Sidebar">
            <div class="sidebar-head"><OrgSwitcher context=context.clone()/></div>
            <button class="nav-search" type="button" commandfor=PALETTE command="show-modal" data-tip="Search">
                <Icon glyph=Glyph::Search/>
                <span class="label">"Search"</span>
                <kbd aria-hidden="true">"⌘K"</kbd>
            </button>
            <nav class="nav" aria-label="Main">
                {main.into_iter().map(&link).collect_view()}
                <p class="nav-title">"Settings"</p>
                {settings.into_iter().map(&link).collect_view()}
            </nav>
            <div class="sidebar-foot">
                <PlanMeter context=context.clone()/>
                <UserMenu me=context.me/>
            </div>
        </aside>
    }
}

fn commands(context: &OrgContext) -> Vec<Command> {
    let org = &context.org.slug;
    let elsewhere = PageRequest::current().elsewhere;
    let sections = Section::MAIN.into_iter().chain(Section::SETTINGS);
    let mut commands: Vec<Command> = Section::some(sections, context)
        .into_iter()
        .map(|section| {
            Command::go(
                "Go to",
                section.label(),
                section.glyph(),
                section.path(org),
                section.keys(),
            )
        })
        .collect();
    commands.push(Command::go(
        "Go to",
        "Account",
        Glyph::User,
        "/account",
        "g y",
    ));
    if context.may(Capability::InviteMember) {
        commands.push(Command::go(
            "Create",
            "Invite members",
            Glyph::Mail,
            Section::Members.path(org),
            "",
        ));
    }
    if context.may(Capability::CreateProject) {
        commands.push(Command::go(
            "Create",
            "New project",
            Glyph::FolderPlus,
            format!("/app/{org}/projects/new"),
            "c",
        ));
    }
    commands.push(Command::go(
        "Create",
        "New organization",
        Glyph::Building,
        format!("{elsewhere}/app/new"),
        "",
    ));
    let others = context
        .organizations
        .iter()
        .filter(|other| other.slug != *org);
    commands.extend(others.map(|other| {
        Command::go(
            "Switch to",
            other.name.clone(),
            Glyph::Building,
            format!("{elsewhere}/app/{}", other.slug),
            "",
        )
    }));
    commands.extend(Command::everywhere());
    commands
}

fn lookup(org: &OrgSlug) -> Lookup {
    Lookup {
        path: "/_fn/find_projects".to_owned(),
        org: org.to_string(),
    }
}
