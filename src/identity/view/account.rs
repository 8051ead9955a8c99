//! A person's own account.

use leptos::prelude::*;

use super::frame::PlainFrame;
use crate::{
    identity::{
        api,
        model::{Me, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, SessionRow},
    },
    ui::{
        Ago, Badge, Field, Form, Glyph, Icon, Submit, form::ButtonForm, load, page::PageRequest,
        theme_switch::ThemeSwitch,
    },
};

#[component]
pub fn AccountPage() -> impl IntoView {
    let what = async { Ok((api::get_me().await?, api::my_sessions().await?)) };
    load(what, |(me, sessions)| {
        view! {
            <PlainFrame title="Account" words="Only about you, in every organization">
                <Profile me=me.clone()/>
                <Look/>
                <Sessions sessions=sessions/>
                <Password/>
                <Address me=me/>
                <Danger/>
            </PlainFrame>
        }
    })
}

#[component]
fn Profile(me: Me) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="profile">
            <div class="card-head"><h2 id="profile">"Profile"</h2></div>
            <Form function="change_name">
                <div class="card-body stack">
                    <Field name="name" label="Name" value=me.name autocomplete="name" max=NAME_MAX/>
                </div>
                <div class="card-foot"><Submit label="Save"/></div>
            </Form>
        </section>
    }
}

#[component]
fn Look() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="theme">
            <div class="card-head">
                <div><h2 id="theme">"Theme"</h2><p class="muted">"On this browser"</p></div>
                <ThemeSwitch theme=PageRequest::current().theme/>
            </div>
        </section>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionRow>) -> impl IntoView {
    let now = sessions
        .iter()
        .map(|session| session.last_seen_at)
        .max()
        .unwrap_or_default();
    view! {
        <section class="card" aria-labelledby="sessions">
            <div class="card-head">
                <div><h2 id="sessions">"Sessions"</h2><p class="muted">"Where you are signed in"</p></div>
                <ButtonForm function="sign_out_everywhere" label="Sign out everywhere" class="button small"/>
            </div>
            <div class="card-body flush">
                <ul class="rows">
                    {sessions.into_iter().map(|session| view! {
                        <li>
                            <Icon glyph=if session.on_phone { Glyph::Smartphone } else { Glyph::Monitor }/>
                            <span class="body">
                                <strong>{session.device}</strong>
                                <span class="muted">{session.ip} " · last used " <Ago at=session.last_seen_at now=now/></span>
                            </span>
                            {if session.is_this {
                                view! { <Badge label="This device" class="badge success"/> }.into_any()
                            } else {
                                view! {
                                    <ButtonForm
                                        function="revoke_session"
                                        label="Sign out"
                                        class="button small"
                                        with=("session", session.id.to_string())
                                    />
                                }.into_any()
                            }}
                        </li>
                    }).collect_view()}
                </ul>
            </div>
        </section>
    }
}

#[component]
fn Password() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="password">
            <div class="card-head"><div><h2 id="password">"Password"</h2><p class="muted">"Changing it signs out all other sessions"</p></div></div>
            <Form function="change_password">
                <div class="card-body stack">
                    <Field name="current_password" label="Current password" kind="password" autocomplete="current-password"/>
                    <Field
                        name="new_password"
                        label="New password"
                        kind="password"
                        autocomplete="new-password"
                        min=PASSWORD_MIN
                        max=PASSWORD_MAX
                    />
                </div>
                <div class="card-foot"><Submit label="Change password"/></div>
            </Form>
        </section>
    }
}

#[component]
fn Address(me: Me) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="address">
            <div class="card-head"><div><h2 id="address">"E-mail"</h2><p class="muted">{me.email.to_string()}</p></div></div>
            <Form function="change_email">
                <div class="card-body stack">
                    <Field
                        name="email"
                        label="New e-mail"
                        kind="email"
                        autocomplete="email"
                        hint="We send a link there; nothing changes until you open it."
                    />
                    <Field name="password" label="Password" kind="password" autocomplete="current-password"/>
                </div>
                <div class="card-foot"><Submit label="Send link"/></div>
            </Form>
        </section>
    }
}

#[component]
fn Danger() -> impl IntoView {
    view! {
        <section class="card danger" aria-labelledby="danger">
            <div class="card-head"><h2 id="danger">"Danger zone"</h2></div>
            <Form function="delete_account">
                <div class="card-body stack">
                    <p class="muted">
                        "Deletes your account, and every organization in which you are the only member. This can't be undone."
                    </p>
                    <Field name="password" label="Password" kind="password" autocomplete="current-password"/>
                </div>
                <div class="card-foot"><Submit label="Delete account" class="button danger"/></div>
            </Form>
        </section>
    }
}
