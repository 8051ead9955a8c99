//! The shell of every page, and every browser route.

use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    analytics::view::OverviewPage,
    api_keys::view::ApiKeysPage,
    audit::view::ActivityPage,
    billing::view::{BillingPage, ChangePlanPage},
    error::AppError,
    identity::view::{
        AccountPage, CheckMailPage, ForgotPage, NewAddressPage, ResetPage, SignInPage, SignUpPage,
        VerifyPage,
    },
    organizations::view::{CreatePage, LandingPage, ReactivatePage, SettingsPage},
    projects::view::{
        DeploymentPage, NewDeploymentPage, NewProjectPage, ProjectPage, ProjectSettingsPage,
        ProjectsPage,
    },
    reference::view::ReferencePage,
    team::view::{DangerPage, InvitationPage, MembersPage},
    ui::{
        ErrorPage,
        gallery::GalleryPage,
        page::{PageAnswer, PageRequest},
    },
    usage::view::UsagePage,
};

mod start;
mod wake;

use start::{PricingPage, StartPage};
use wake::Wake;

/// The document around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let request = PageRequest::current();
    if let Some(nonce) = use_nonce() {
        PageAnswer::allow_scripts(&nonce);
    }
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=request.theme.attribute()
            data-sidebar=request.is_sidebar_collapsed.then_some("collapsed")
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href="/fonts/inter.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=request.built.style.clone()/>
                <AutoReload options/>
                <Wake/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Atrium".to_owned() } else { format!("{title} · Atrium") }/>
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=StaticSegment("") view=StartPage ssr=SsrMode::Async/>
                <Route path=path!("pricing") view=PricingPage ssr=SsrMode::Async/>
                <Route path=path!("auth/signin") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("auth/signup") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("auth/check-mail") view=CheckMailPage ssr=SsrMode::Async/>
                <Route path=path!("auth/verify") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("auth/forgot") view=ForgotPage ssr=SsrMode::Async/>
                <Route path=path!("auth/reset") view=ResetPage ssr=SsrMode::Async/>
                <Route path=path!("account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("account/email") view=NewAddressPage ssr=SsrMode::Async/>
                <Route path=path!("app") view=LandingPage ssr=SsrMode::Async/>
                <Route path=path!("app/new") view=CreatePage ssr=SsrMode::Async/>
                <Route path=path!("app/:org") view=OverviewPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/projects") view=ProjectsPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/projects/new") view=NewProjectPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/projects/:project") view=ProjectPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/projects/:project/settings") view=ProjectSettingsPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/projects/:project/deployments/new") view=NewDeploymentPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/projects/:project/deployments/:deployment") view=DeploymentPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/activity") view=ActivityPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/usage") view=UsagePage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/settings") view=SettingsPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/settings/members") view=MembersPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/settings/api-keys") view=ApiKeysPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/settings/billing") view=BillingPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/settings/billing/change") view=ChangePlanPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/settings/danger") view=DangerPage ssr=SsrMode::Async/>
                <Route path=path!("app/:org/reactivate") view=ReactivatePage ssr=SsrMode::Async/>
                <Route path=path!("api/docs") view=ReferencePage ssr=SsrMode::Async/>
                <Route path=path!("invitations/:token") view=InvitationPage ssr=SsrMode::Async/>
                <Route path=path!("_dev/gallery") view=GalleryPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

#[component]
fn NotFoundPage() -> impl IntoView {
    view! { <ErrorPage error=AppError::NotFound/> }
}
