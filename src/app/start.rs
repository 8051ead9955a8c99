//! The first page: what Atrium is, and what it costs.

use leptos::prelude::*;

use crate::{
    billing::{
        Limit, Plan, Quota,
        plan::{Feature, Price},
    },
    theme::Theme,
    ui::{
        Badge, Glyph, Icon, Logo, PageTitle,
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
        <PageTitle text="One calm place to run what you ship"/>
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="site-header">
            <div class="wrap">
                <a class="brand" href="/"><Logo/>"Atrium"</a>
                <nav aria-label="Site"><a href="#features">"Features"</a><a href="#pricing">"Pricing"</a></nav>
                <div class="row">
                    <a class="button ghost" href="/auth/signin">"Sign in"</a>
                    <a class="button primary" href="/auth/signup">"Start free"</a>
                </div>
            </div>
        </header>
        <main id="main">
            <Hero/>
            <Features/>
            <section class="section wrap" id="pricing">
                <h2>"Plans"</h2>
                <p class="lead">"Begin on Free. What a plan includes is the same table that the product itself obeys."</p>
                <Plans/>
                <Comparison/>
            </section>
        </main>
        <footer class="site-footer"><div class="wrap"><a class="brand" href="/"><Logo/>"Atrium"</a></div></footer>
        <Toasts/>
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
                        alt="The overview of an organization: its figures, its activity of two weeks and its newest projects"
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
            "Pages are ready when they arrive. What lives in them wakes up a moment later.",
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

fn price(plan: Plan) -> (String, &'static str) {
    match plan.price() {
        Price::Usd(dollars) => (format!("${dollars}"), "per month"),
        Price::Custom => ("Custom".to_owned(), "as agreed"),
    }
}

fn quota(plan: Plan, limit: Limit) -> String {
    match (plan.quota(limit), limit) {
        (Quota::Unlimited, _) => "Unlimited".to_owned(),
        (Quota::Limited(bytes), Limit::StorageBytes) if bytes >= 1 << 30 => {
            format!("{} GiB", bytes >> 30)
        }
        (Quota::Limited(bytes), Limit::StorageBytes) => format!("{} MiB", bytes >> 20),
        (Quota::Limited(count), _) => grouped(count),
    }
}

/// With a comma between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[component]
fn Plans() -> impl IntoView {
    view! {
        <div class="plans">
            {Plan::ALL.map(|plan| {
                let (amount, period) = price(plan);
                let included = [
                    (Limit::Projects, "projects"), (Limit::Members, if plan == Plan::Free { "member" } else { "members" }),
                    (Limit::ApiCalls, "API calls a month"), (Limit::StorageBytes, "storage"),
                ];
                view! {
                    <article class=if plan == Plan::Pro { "card plan featured" } else { "card plan" }>
                        <h3>{plan.label()} {(plan == Plan::Pro).then(|| view! { " " <Badge label="For teams" class="badge pill accent"/> })}</h3>
                        <p class="price"><strong>{amount}</strong> " " <span class="muted">{period}</span></p>
                        <a class=if plan == Plan::Pro { "button primary block" } else { "button block" } href="/auth/signup">"Start free"</a>
                        <ul class="ticks">
                            {included.map(|(limit, what)| view! {
                                <li><Icon glyph=Glyph::Check/>{quota(plan, limit)} " " {what}</li>
                            }).into_iter().collect_view()}
                        </ul>
                    </article>
                }
            }).into_iter().collect_view()}
        </div>
    }
}

#[component]
fn Comparison() -> impl IntoView {
    let limits = [
        (Limit::Projects, "Projects"),
        (Limit::Members, "Members"),
        (Limit::ApiCalls, "API calls a month"),
        (Limit::StorageBytes, "Storage"),
        (Limit::EnvironmentsPerProject, "Environments per project"),
        (Limit::AnalyticsDays, "Days of analytics"),
    ];
    let features = [
        (Feature::CustomDomain, "Custom domain"),
        (Feature::Sso, "Single sign-on"),
        (Feature::AuditLog, "Audit log"),
        (Feature::PrioritySupport, "Priority support"),
        (Feature::Sla, "Service level agreement"),
    ];
    view! {
        <div class="compare-wrap" tabindex="0" role="region" aria-label="Plans compared">
            <table class="compare">
                <caption class="visually-hidden">"Plans compared"</caption>
                <thead><tr><td></td>{Plan::ALL.map(|plan| view! { <th scope="col">{plan.label()}</th> }).into_iter().collect_view()}</tr></thead>
                <tbody>
                    {limits.map(|(limit, label)| view! {
                        <tr>
                            <th scope="row">{label}</th>
                            {Plan::ALL.map(|plan| view! { <td>{quota(plan, limit)}</td> }).into_iter().collect_view()}
                        </tr>
                    }).into_iter().collect_view()}
                    {features.map(|(feature, label)| view! {
                        <tr>
                            <th scope="row">{label}</th>
                            {Plan::ALL.map(|plan| view! { <td><Included yes=plan.has(feature)/></td> }).into_iter().collect_view()}
                        </tr>
                    }).into_iter().collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Included(yes: bool) -> impl IntoView {
    if yes {
        view! { <Icon glyph=Glyph::Check/><span class="visually-hidden">"Included"</span> }
            .into_any()
    } else {
        view! { <span class="faint" aria-hidden="true">"–"</span><span class="visually-hidden">"Not included"</span> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(grouped(100_000), "100,000");
        assert_eq!(grouped(999), "999");
        assert_eq!(quota(Plan::Free, Limit::StorageBytes), "100 MiB");
        assert_eq!(quota(Plan::Pro, Limit::StorageBytes), "10 GiB");
    }
}
