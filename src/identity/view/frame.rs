use leptos::prelude::*;

use crate::ui::{
    Logo, PageTitle,
    command::{Command, CommandCenter},
    toast::Toasts,
};

/// A card in the middle of an otherwise empty page.
#[component]
pub fn AuthFrame(
    #[prop(into)] title: String,
    #[prop(optional)] wide: bool,
    /// For whoever is signed in, and has somewhere to go.
    #[prop(optional)]
    with_commands: bool,
    children: Children,
) -> impl IntoView {
    let card = if wide { "auth-card wide" } else { "auth-card" };
    view! {
        <PageTitle text=title.clone()/>
        <div class="auth">
        <header class="auth-head"><a class="brand" href="/"><Logo/>"Atrium"</a></header>
        <main class="auth-main" id="main">
            <div class=card>
                <h1>{title}</h1>
                {children()}
            </div>
        </main>
        </div>
        {with_commands.then(|| view! { <CommandCenter commands=Command::outside() lookup=None/> })}
        <Toasts/>
    }
}

/// A page that belongs to no organization.
#[component]
pub fn PlainFrame(
    #[prop(into)] title: String,
    #[prop(into)] words: String,
    children: Children,
) -> impl IntoView {
    view! {
        <PageTitle text=title.clone()/>
        <header class="auth-head">
            <a class="brand" href="/app"><Logo/>"Atrium"</a>
        </header>
        <main class="content narrow" id="main" tabindex="-1">
            <div class="page-title">
                <div><h1>{title}</h1><p class="muted">{words}</p></div>
                <div class="actions"><a class="button" href="/app">"Back to your organizations"</a></div>
            </div>
            {children()}
        </main>
        <CommandCenter commands=Command::outside() lookup=None/>
        <Toasts/>
    }
}
