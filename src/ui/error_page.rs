use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    Logo, PageTitle,
    page::{PageAnswer, PageRequest, encoded},
};
use crate::error::AppError;

/// The whole page of an error. Whoever is signed out is sent to sign in, and
/// comes back from there.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    if error == AppError::SignedOut {
        PageAnswer::onward(&sign_in_and_back());
        return ().into_any();
    }
    PageAnswer::status(error.status());
    let (title, words) = match &error {
        AppError::NotFound => (
            "Page not found",
            "It may have moved, or you may not have access to it.".to_owned(),
        ),
        AppError::LinkExpired => ("This link is no longer good", error.words()),
        AppError::Forbidden { .. } => ("You can't see this page", error.words()),
        _ => ("Something went wrong", error.words()),
    };
    let request = PageRequest::current().id;
    view! {
        <PageTitle text=title/>
        <div class="auth">
        <header class="auth-head"><a class="brand" href="/"><Logo/>"Atrium"</a></header>
        <main class="auth-main" id="main">
            <div class="error-page">
                <p class="error-code">{error.status()}</p>
                <h1>{title}</h1>
                <p class="muted">{words}</p>
                <div class="row">
                    <a class="button primary" href="/app">"Go to your organizations"</a>
                    <a class="button" href="/">"Start page"</a>
                </div>
                {request.map(|id| view! {
                    <p class="request-id faint">"Request id " <code class="mono">{id.to_string()}</code></p>
                })}
            </div>
        </main>
        </div>
    }
    .into_any()
}

/// In bytes.
const LONGEST_ADDRESS: usize = 1024;

fn sign_in_and_back() -> String {
    let location = use_location();
    let page = location.pathname.get_untracked();
    let search = location.search.get_untracked();
    let here = if search.is_empty() {
        page
    } else {
        format!("{page}?{}", search.trim_start_matches('?'))
    };
    // An address that is longer than any of ours isn't worth coming back to.
    if here.len() > LONGEST_ADDRESS {
        return "/auth/signin".to_owned();
    }
    format!("/auth/signin?callbackUrl={}", encoded(&here))
}
