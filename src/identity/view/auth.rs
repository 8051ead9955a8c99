//! Signing in and up.

use leptos::prelude::*;

use super::frame::AuthFrame;
use crate::{
    identity::{
        api,
        model::{DemoAccounts, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, safe_callback},
    },
    ui::{
        Field, Form, Submit, load,
        page::{PageRequest, encoded},
    },
};

/// Where to go on, if the address of the page says so and may.
pub(super) fn callback_url() -> String {
    PageRequest::query("callbackUrl")
        .filter(|url| safe_callback(url).is_some())
        .unwrap_or_default()
}

fn with_callback(path: &str) -> String {
    let callback = callback_url();
    if callback.is_empty() {
        return path.to_owned();
    }
    format!("{path}?callbackUrl={}", encoded(&callback))
}

#[component]
fn Callback() -> impl IntoView {
    view! { <input type="hidden" name="callback_url" value=callback_url()/> }
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let forgot = view! { <a href="/auth/forgot">"Forgot password?"</a> }.into_any();
    view! {
        <AuthFrame title="Sign in to Atrium">
            <p class="muted">"New here? " <a href=with_callback("/auth/signup")>"Create an account"</a></p>
            <Form function="sign_in">
                <Callback/>
                <Field name="email" label="E-mail" kind="email" autocomplete="username" autofocus=true/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password" aside=forgot/>
                <Submit label="Sign in" class="button primary block"/>
            </Form>
            {load(api::list_demo_accounts(), |demo| demo.map(|demo| view! { <Demo demo=demo/> }))}
        </AuthFrame>
    }
}

/// The way into the demo for whoever just looks around.
#[component]
fn Demo(demo: DemoAccounts) -> impl IntoView {
    let password = demo.password;
    view! {
        <p class="divider">"or look around as"</p>
        <ul class="choices">
            {demo.emails.into_iter().map(|email| view! {
                <li>
                    <form method="post" action="/_fn/sign_in">
                        <input type="hidden" name="email" value=email.clone()/>
                        <input type="hidden" name="password" value=password.clone()/>
                        <input type="hidden" name="callback_url" value=callback_url()/>
                        <button class="choice" type="submit"><span class="body">{email}</span></button>
                    </form>
                </li>
            }).collect_view()}
        </ul>
        <p class="muted small">"Everyone's password here is " <code class="mono">{password.clone()}</code></p>
    }
}

#[component]
pub fn SignUpPage() -> impl IntoView {
    view! {
        <AuthFrame title="Create your account">
            <p class="muted">"Have one already? " <a href=with_callback("/auth/signin")>"Sign in"</a></p>
            <Form function="sign_up">
                <Callback/>
                <Field name="name" label="Name" autocomplete="name" max=NAME_MAX autofocus=true/>
                <Field name="email" label="E-mail" kind="email" autocomplete="username"/>
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    min=PASSWORD_MIN
                    max=PASSWORD_MAX
                    hint=format!("At least {PASSWORD_MIN} characters; long beats complicated.")
                />
                <Submit label="Create account" class="button primary block"/>
            </Form>
        </AuthFrame>
    }
}

/// After anything that sends a mail. Says the same whoever asked.
#[component]
pub fn CheckMailPage() -> impl IntoView {
    let is_development = PageRequest::current().is_development;
    view! {
        <AuthFrame title="Check your mail">
            <p>"If the address can be reached, a mail is on its way. Open the link in it to go on."</p>
            <p class="muted">"Nothing there after a few minutes? Look among the spam, or try again."</p>
            {is_development.then(|| view! {
                <p><a class="button block" href="/_dev/mail">"Open the mail of this development server"</a></p>
            })}
            <p><a href="/auth/signin">"Back to sign in"</a></p>
        </AuthFrame>
    }
}

#[component]
pub fn ForgotPage() -> impl IntoView {
    view! {
        <AuthFrame title="Forgot your password?">
            <p class="muted">"Tell us your address, and we'll send you a link to choose a new one."</p>
            <Form function="forgot_password">
                <Field name="email" label="E-mail" kind="email" autocomplete="username" autofocus=true/>
                <Submit label="Send link" class="button primary block"/>
            </Form>
            <p><a href="/auth/signin">"Back to sign in"</a></p>
        </AuthFrame>
    }
}
