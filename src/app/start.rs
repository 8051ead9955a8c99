//! The first page: what Atrium is, and what it costs.

use leptos::prelude::*;

use crate::{
    billing::{
        Plan,
        api::get_offers,
        model::Offer,
        view::{Comparison, PlanCards},
    },
    theme::Theme,
    ui::{
        Glyph, Icon, Logo, PageTitle, load,
        page::{PageAnswer, PageRequest},
        toast::Toasts,
    },
};

#[component]
pub fn StartPage() -> impl IntoView {
    // An organization's own host has no other start than the organization.
    if let Some(org) = PageRequest::current().tenant {
        PageAnswer::onward(&format!("/app/{org}"));
        return None;
    }
    Some(view! {
        <SitePage title="One calm place to run what you ship">
            <Hero/>
            <Features/>
            <section class="section wrap" id="pricing">
                <h2>"Plans"</h2>
                <Pricing/>
            </section>
        </SitePage>
    })
}

/// What the plans cost and include, by itself.
#[component]
pub fn PricingPage() -> impl IntoView {
    view! {
        <SitePage title="Pricing">
            <section class="section wrap">
                <h1>"Pricing"</h1>
                <h2 class="visually-hidden">"Plans"</h2>
                <Pricing/>
            </section>
        </SitePage>
    }
}

/// What stands around every page for those who aren't in yet.
#[component]
fn SitePage(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <PageTitle text=title/>
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="site-header">
            <div class="wrap">
                <a class="brand" href="/"><Logo/>"Atrium"</a>
                <nav aria-label="Site"><a href="/#features">"Features"</a><a href="/pricing">"Pricing"</a></nav>
                <div class="row">
                    <a class="button ghost" href="/auth/signin">"Sign in"</a>
                    <a class="button primary" href="/auth/signup">"Start free"</a>
                </div>
            </div>
        </header>
        <main id="main">{children()}</main>
        <footer class="site-footer"><div class="wrap"><a class="brand" href="/"><Logo/>"Atrium"</a></div></footer>
        <Toasts/>
    }
}

#[component]
fn Pricing() -> impl IntoView {
    load(get_offers(), |offers| {
        let start = |offer: &Offer| {
            let class = if offer.plan == Plan::Pro {
                "button primary block"
            } else {
                "button block"
            };
            view! { <a class=class href="/auth/signup">"Start free"</a> }.into_any()
        };
        view! {
            <p class="lead">"Begin on Free. What a plan includes is the same table that the product itself obeys."</p>
            <PlanCards offers=offers.clone() action=start/>
            <Comparison offers=offers/>
        }
    })
}

#[component]
fn Hero() -> impl IntoView {
    let dark = match PageRequest::current().theme {
        Theme::System => Some("(prefers-color-scheme: dark)"),
        Theme::Dark => Some("all"),
        Theme::Light => None,
    };
    view! {
        <section class="hero wrap">
            <h1>"One calm place to run what you ship"</h1>
            <p class="lead">"Organizations, people in roles, projects and a trail of every change. Quick enough to leave open all day."</p>
            <div class="row">
                <a class="button primary large" href="/auth/signup">"Start free"</a>
                <a class="button large" href="/auth/signin">"Sign in"</a>
            </div>
            <figure class="hero-shot">
                <picture>
                    {dark.map(|media| view! { <source srcset="/images/overview-dark.webp" media=media/> })}
                    <img
                        src="/images/overview-light.webp"
                        width="1280"
                        height="800"
                        alt="The overview of an organization: who is there, what goes on hour by hour, and what is deployed most"
                    />
                </picture>
            </figure>
        </section>
    }
}

#[component]
fn Features() -> impl IntoView {
    let features = [
        (
            Glyph::Building,
            "Organizations",
            "Each with its own address, people and plan. Move between them with one key.",
        ),
        (
            Glyph::ShieldCheck,
            "Roles that hold",
            "Owner, admin, member, viewer. Checked on the server at every request, not only hidden in a menu.",
        ),
        (
            Glyph::Activity,
            "A trail of every change",
            "Who changed what, and when, written in the same transaction as the change.",
        ),
        (
            Glyph::Zap,
            "Quick, with or without scripts",
            "Pages are right when they arrive. A moment later they are live: what others do appears as they do it.",
        ),
        (
            Glyph::Keyboard,
            "Made for the keyboard",
            "A palette for everything, and keys for what you do often.",
        ),
        (
            Glyph::Rocket,
            "One binary",
            "On SQLite for a start, on PostgreSQL for as many nodes as you need.",
        ),
    ];
    view! {
        <section class="section wrap" id="features">
            <h2>"Made to be open all day"</h2>
            <div class="features">
                {features.map(|(glyph, title, words)| view! {
                    <article class="feature"><Icon glyph=glyph/><h3>{title}</h3><p>{words}</p></article>
                }).into_iter().collect_view()}
            </div>
        </section>
    }
}
