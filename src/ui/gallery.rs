//! All parts on one page, for whoever works on them.

use chrono::{DateTime, TimeDelta};
use leptos::prelude::*;

use super::{
    Ago, Avatar, Badge, Drawer, EmptyState, Field, Form, Glyph, Icon, Meter, NameCell, PageTitle,
    Pager, Select, StatCard, Submit, TextArea,
    chart::{Bar, BarChart, Chart, Point, Ranked, ranking, sparkline},
    command::{Command, CommandCenter, PALETTE},
    copy::CopyButton,
    display::Change,
    form::{Confirm, ConfirmDanger},
    page::PageRequest,
    theme_switch::ThemeSwitch,
};
use crate::error::AppError;

/// Only in development; elsewhere there is no such page.
#[component]
pub fn GalleryPage() -> impl IntoView {
    if !PageRequest::current().is_development {
        return view! { <super::ErrorPage error=AppError::NotFound/> }.into_any();
    }
    view! {
        <PageTitle text="Gallery"/>
        <main class="content" id="main">
            <div class="page-title">
                <h1>"Gallery"</h1>
                <ThemeSwitch theme=PageRequest::current().theme/>
            </div>
            <Buttons/>
            <Figures/>
            <Charts/>
            <Fields/>
            <Lists/>
            <Overlays/>
            <Emptiness/>
        </main>
        <CommandCenter commands=Command::outside() lookup=None/>
    }
    .into_any()
}

#[component]
fn Buttons() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="buttons">
            <div class="card-head"><h2 id="buttons">"Buttons, badges, avatars"</h2></div>
            <div class="card-body stack">
                <div class="row">
                    <button class="button primary">"Primary"</button>
                    <button class="button">"Secondary"</button>
                    <button class="button ghost">"Ghost"</button>
                    <button class="button danger">"Danger"</button>
                    <button class="button danger-outline">"Danger…"</button>
                    <button class="button primary" aria-busy="true">"Pending"</button>
                    <CopyButton text="Atrium".to_owned() label="Copy".to_owned()/>
                </div>
                <div class="row">
                    <Badge label="Ready" class="badge success"/>
                    <Badge label="Building" class="badge info"/>
                    <Badge label="Past due" class="badge warning"/>
                    <Badge label="Failed" class="badge danger"/>
                    <Badge label="Professional" class="badge pill accent"/>
                    <Avatar name="Mara Lindqvist"/>
                    <Avatar name="Acme" class="avatar square medium"/>
                    <kbd>"⌘K"</kbd>
                </div>
                <div class="banner warning"><Icon glyph=Glyph::TriangleAlert/><p>"A banner says what happened and what to do."</p></div>
            </div>
        </section>
    }
}

fn figure(label: &'static str, value: u64, change: Option<Change>, note: &str) -> AnyView {
    let card = StatCard {
        label,
        value: value.to_string(),
        change,
        note: note.to_owned(),
        side: Vec::new(),
    };
    card.draw().into_view()
}

#[component]
fn Figures() -> impl IntoView {
    let bars = [3, 5, 2, 8, 13, 7, 4]
        .into_iter()
        .zip(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    let bars: Vec<Bar> = bars
        .map(|(value, day)| Bar {
            label: day.to_owned(),
            value,
        })
        .collect();
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    view! {
        <div class="grid cards-3">
            {figure("Changes", 128, Some(Change::new(100, 128)), "vs. two weeks before")}
            {figure("People", 4, Some(Change::new(5, 4)), "vs. two weeks before")}
            {figure("Projects", 12, None, "of 50")}
        </div>
        <section class="card" aria-labelledby="chart">
            <div class="card-head"><h2 id="chart">"Chart, meter, time"</h2><Ago at=now - TimeDelta::hours(3) now=now/></div>
            <div class="card-body stack">
                <BarChart id="gallery-chart" title="Changes per day" unit="Changes" bars=bars ticks=vec![0, 6]/>
                <Meter label="Half used" used=5 max=10/>
                <Meter label="Nearly used up" used=9 max=10/>
                <Meter label="Used up" used=10 max=10/>
                <span class="skeleton" aria-hidden="true"></span>
            </div>
        </section>
    }
}

/// As they arrive: only in an island do they follow the pointer and the keys.
#[component]
fn Charts() -> impl IntoView {
    let values: Vec<u64> = vec![310, 420, 380, 510, 900, 1_240, 1_180, 1_420, 1_050, 760];
    let points: Vec<Point> = (0..)
        .zip(&values)
        .map(|(minute, value)| Point {
            label: format!("14:{minute:02}"),
            value: *value,
            before: (minute > 1).then_some(value / 2 + 200),
        })
        .collect();
    let rows: Vec<Ranked> = [("Storefront", 1_240), ("Mailer", 465), ("Search", 12)]
        .into_iter()
        .zip([Some("#main".to_owned()), Some("#main".to_owned()), None])
        .map(|((label, value), path)| Ranked {
            label: label.to_owned(),
            path,
            value,
        })
        .collect();
    let chart = Chart {
        id: "gallery-line",
        title: "Events per minute",
        unit: "Events",
        top: 2_000,
        points: &points,
        ticks: &[0, 9],
        is_compared: true,
    };
    view! {
        <section class="card" aria-labelledby="lines">
            <div class="card-head"><h2 id="lines">"Lines"</h2>{sparkline(&values).into_view()}</div>
            <div class="card-body">
                {chart.lines(None).into_view()}
            </div>
        </section>
        <section class="card" aria-labelledby="ranking">
            <div class="card-head"><h2 id="ranking">"Ranking"</h2></div>
            <div class="card-body">{ranking("Projects by events", "Events", &rows).into_view()}</div>
        </section>
    }
}

#[component]
fn Fields() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="fields">
            <div class="card-head"><h2 id="fields">"Fields"</h2></div>
            <div class="card-body">
                <Form function="forgot_password">
                    <Field name="email" label="E-mail" kind="email" hint="Sends a mail like the real form."/>
                    <Field name="slug" label="Address" prefix="atrium.example/app/" required=false/>
                    <TextArea name="description" label="Description" required=false/>
                    <Select
                        name="role"
                        label="Role"
                        options=["Admin", "Member", "Viewer"].map(|role| (role.to_owned(), role.to_owned())).into()
                        value="Member"
                    />
                    <div class="form-actions"><Submit label="Send"/></div>
                </Form>
            </div>
        </section>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let rows = [
        ("Storefront", "Public shop and checkout", 3),
        ("Mailer", "Receipts and reminders", 70),
    ];
    view! {
        <nav class="breadcrumbs" aria-label="Breadcrumbs">
            <ol><li><a href="#main">"Acme"</a></li><li><a href="#main">"Projects"</a></li><li aria-current="page">"Storefront"</li></ol>
        </nav>
        <div class="filters" role="search">
            <form class="search" method="get">
                <Icon glyph=Glyph::Search/>
                <input type="search" name="q" aria-label="Search the gallery" placeholder="Search" autocomplete="off"/>
                <kbd aria-hidden="true">"/"</kbd>
            </form>
        </div>
        <ul class="chips" aria-label="Filters in use">
            <li class="chip"><span class="muted">"action"</span>" project.created"<a href="#main" aria-label="Remove the filter"><Icon glyph=Glyph::X/></a></li>
        </ul>
        <div class="card table-card">
            <table class="table">
                <caption class="visually-hidden">"Projects"</caption>
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Updated"</th></tr></thead>
                <tbody>
                    {rows.map(|(name, description, hours)| view! {
                        <tr>
                            <NameCell path="#main" name=name words=description/>
                            <td data-label="Updated"><Ago at=now - TimeDelta::hours(hours) now=now/></td>
                        </tr>
                    }).into_iter().collect_view()}
                </tbody>
            </table>
            <Pager newer=None older=Some("#main".to_owned())/>
        </div>
    }
}

#[component]
fn Overlays() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="overlays">
            <div class="card-head"><h2 id="overlays">"Menus, dialogs, toasts"</h2></div>
            <div class="card-body stack">
                <div class="row">
                    <button class="button" type="button" popovertarget="gallery-menu">"Menu"</button>
                    <div class="menu" id="gallery-menu" popover>
                        <p class="menu-title">"ada@example.com"</p>
                        <a class="item" href="#main"><Icon glyph=Glyph::User/><span class="label">"Account"</span></a>
                        <hr/>
                        <a class="item" href="#main"><Icon glyph=Glyph::Plus/><span class="label">"Create organization"</span></a>
                    </div>
                    <button class="button" type="button" commandfor=PALETTE command="show-modal">"Palette"</button>
                    <a class="button" href="?drawer">"Drawer"</a>
                    <button class="button" type="button" commandfor="gallery-confirm" command="show-modal">"Confirm…"</button>
                    <button class="button danger-outline" type="button" commandfor="gallery-danger" command="show-modal">"Delete…"</button>
                </div>
                <div class="toast success"><Icon glyph=Glyph::CircleCheck/><p>"Something was done."</p></div>
            </div>
        </section>
        {PageRequest::query("drawer").map(|_| view! {
            <Drawer title="Something looked at closely" close="?">
                <dl class="facts"><div><dt>"Who"</dt><dd>"Ada Lovelace"</dd></div></dl>
                <div class="code"><div class="code-head"><span>"JSON"</span></div><pre tabindex="0">"{ \"name\": \"Storefront\" }"</pre></div>
            </Drawer>
        })}
        <Confirm
            id="gallery-confirm"
            function="leave_organization"
            org="-"
            title="Leave nothing"
            warning="There is no such organization, and this says so."
            label="Leave"
        />
        <ConfirmDanger
            id="gallery-danger"
            function="delete_organization"
            org="-"
            title="Delete nothing"
            warning="There is no such organization, and this says so."
            phrase="anything"
            label="Delete"
        />
    }
}

#[component]
fn Emptiness() -> impl IntoView {
    view! {
        <section class="card">
            <EmptyState glyph=Glyph::FolderPlus title="Nothing yet" words="Says what will be here, and how to begin.">
                <a class="button primary" href="#main">"Begin"</a>
            </EmptyState>
        </section>
    }
}
