//! Where the links in mails lead. Opening one changes nothing, so that a mail
//! scanner can't use it up: what it is good for happens when the form is sent.

use leptos::prelude::*;

use super::{auth::callback_url, frame::AuthFrame};
use crate::{
    identity::{
        api,
        model::{PASSWORD_MAX, PASSWORD_MIN},
    },
    ui::{Field, Form, Submit, page::PageRequest},
};

#[component]
fn Token() -> impl IntoView {
    let token = PageRequest::query("token").unwrap_or_default();
    view! { <input type="hidden" name="token" value=token/> }
}

#[component]
pub fn VerifyPage() -> impl IntoView {
    view! {
        <AuthFrame title="Confirm your address">
            <p class="muted">"One more step, and your account is ready."</p>
            {Suspend::new(async {
                let token = PageRequest::query("token").unwrap_or_default();
                // A link that is no good says so when it is used.
                let is_from_here = api::is_sign_up_from_here(token).await.unwrap_or(true);
                view! { <ConfirmForm with_password=!is_from_here/> }
            })}
        </AuthFrame>
    }
}

#[component]
fn ConfirmForm(with_password: bool) -> impl IntoView {
    view! {
        <Form function="confirm_address">
            <Token/>
            <input type="hidden" name="callback_url" value=callback_url()/>
            {with_password.then(|| view! {
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    hint="The one you chose when you signed up in another browser."
                />
            })}
            <Submit label="Confirm address" class="button primary block"/>
        </Form>
    }
}

#[component]
pub fn ResetPage() -> impl IntoView {
    view! {
        <AuthFrame title="Choose a new password">
            <p class="muted">"All your sessions will be signed out."</p>
            <Form function="reset_password">
                <Token/>
                <Field
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    min=PASSWORD_MIN
                    max=PASSWORD_MAX
                    hint=format!("At least {PASSWORD_MIN} characters; long beats complicated.")
                    autofocus=true
                />
                <Submit label="Set new password" class="button primary block"/>
            </Form>
            <p><a href="/auth/forgot">"Ask for another link"</a></p>
        </AuthFrame>
    }
}

#[component]
pub fn NewAddressPage() -> impl IntoView {
    view! {
        <AuthFrame title="Confirm your new address">
            <p class="muted">"From then on, you sign in with it."</p>
            <Form function="confirm_new_email">
                <Token/>
                <Submit label="Confirm new address" class="button primary block"/>
            </Form>
        </AuthFrame>
    }
}
