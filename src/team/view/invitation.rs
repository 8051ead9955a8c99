//! Where the link in an invitation leads. Looking at it changes nothing.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    identity::view::AuthFrame,
    team::{
        api,
        model::{InvitationState, InvitationView},
    },
    ui::{
        Form, Submit,
        form::ButtonForm,
        load,
        page::{PageAnswer, encoded},
    },
};

/// Gone: what was there once and won't come back.
const GONE: u16 = 410;

#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = use_params_map()
        .with_untracked(|params| params.get("token"))
        .unwrap_or_default();
    load(api::look_at_invitation(token.clone()), move |invitation| {
        if invitation.state.is_over() {
            PageAnswer::status(GONE);
        }
        view! {
            <AuthFrame title=format!("Join {}", invitation.organization)>
                <p class="muted">
                    {format!("{} invites you to join {} as {}.", invitation.inviter, invitation.organization, invitation.role.label())}
                </p>
                <Answer invitation=invitation token=token/>
            </AuthFrame>
        }
    })
}

#[component]
fn Answer(invitation: InvitationView, token: String) -> impl IntoView {
    let InvitationView {
        organization,
        inviter,
        email,
        state,
        ..
    } = invitation;
    match state {
        InvitationState::Ready => view! {
            <Form function="accept_invitation">
                <input type="hidden" name="token" value=token/>
                <Submit label="Accept invitation" class="button primary block"/>
            </Form>
            <p class="muted small">"You are signed in as " {email.to_string()} "."</p>
        }
        .into_any(),
        InvitationState::SignedOut => {
            let back = encoded(&format!("/invitations/{token}"));
            view! {
                <p>"It is for " <strong>{email.to_string()}</strong> ". Sign in with that address to accept it."</p>
                <a class="button primary block" href=format!("/auth/signin?callbackUrl={back}")>"Sign in"</a>
                <a class="button block" href=format!("/auth/signup?callbackUrl={back}")>"Create an account"</a>
            }
            .into_any()
        }
        InvitationState::WrongAccount(me) => view! {
            <p>
                "It is for " <strong>{email.to_string()}</strong> ", and you are signed in as "
                <strong>{me.to_string()}</strong> "."
            </p>
            <ButtonForm
                function="sign_out"
                label="Switch account"
                class="button primary block"
                with=("callback_url", format!("/invitations/{token}"))
            />
            <p><a href="/app">"Stay signed in, and go to your organizations"</a></p>
        }
        .into_any(),
        InvitationState::Member(slug) => view! {
            <p>"You are a member already."</p>
            <a class="button primary block" href=format!("/app/{slug}")>{format!("Open {organization}")}</a>
        }
        .into_any(),
        InvitationState::Full => view! {
            <p role="status">
                {format!("All seats of {organization} are taken. Ask {inviter} to make room; the invitation stays as it is.")}
            </p>
        }
        .into_any(),
        InvitationState::Closed => view! {
            <p role="status">
                {format!("{organization} takes no new members just now. Ask {inviter}; the invitation stays as it is.")}
            </p>
        }
        .into_any(),
        InvitationState::Used => over("This invitation was accepted already.", &inviter),
        InvitationState::Expired => over("This invitation has expired.", &inviter),
        InvitationState::Revoked => over("This invitation was taken back.", &inviter),
        InvitationState::Void => over("Whoever sent this invitation may not invite any more.", &inviter),
    }
}

fn over(why: &str, inviter: &str) -> AnyView {
    let words =
        format!("{why} If you still want to join, ask {inviter}, or an owner, for a new one.");
    view! {
        <p role="status">{words}</p>
        <p><a href="/app">"Go to your organizations"</a></p>
    }
    .into_any()
}
