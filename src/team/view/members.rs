//! Who is in the organization, who is invited, and what each role may do.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{roles::RolesExplained, row::Member};
use crate::{
    access::{Capability, Role},
    billing::{Limit, Quota},
    organizations::{
        model::{OrgContext, Usage},
        view::{Crumb, LimitReached, OrgPage, Section, org_page},
    },
    team::{
        api,
        model::{InvitationRow, Team},
    },
    ui::{
        Ago, Badge, Form, Select, Submit, TextArea,
        form::{ButtonForm, Refused},
    },
};

/// The forms on the page that have no place of their own for what went wrong.
const PLAIN_FORMS: &[&str] = &["change_role"];

#[component]
pub fn MembersPage() -> impl IntoView {
    org_page(api::get_team, |context, team| {
        let may_invite = context.may(Capability::InviteMember);
        OrgPage {
            section: Section::Members,
            title: "Members".to_owned(),
            crumbs: vec![Crumb::here("Members")],
            action: None,
            is_narrow: false,
            body: view! {
                <div class="page-title"><div><h1>"Members"</h1><p class="muted">{seats(&team.seats)}</p></div></div>
                <Refused functions=PLAIN_FORMS/>
                {may_invite.then(|| view! { <Invite context=context.clone() seats=team.seats/> })}
                <Members context=context.clone() team=team.clone()/>
                {(!team.invitations.is_empty()).then(|| view! { <Pending context=context.clone() team=team/> })}
                <RolesExplained/>
            }
            .into_any(),
        }
    })
}

fn seats(seats: &Usage) -> String {
    match seats.quota {
        Quota::Limited(max) => format!(
            "{} of {max} seats taken, pending invitations included",
            seats.used
        ),
        Quota::Unlimited => format!("{} seats taken, pending invitations included", seats.used),
    }
}

#[component]
fn Invite(context: OrgContext, seats: Usage) -> impl IntoView {
    let own = context.org.role;
    let roles = Role::ALL
        .into_iter()
        .rev()
        .filter(|role| own.may_grant(*role));
    let options = roles
        .map(|role| (role.name().to_owned(), role.label().to_owned()))
        .collect();
    view! {
        <LimitReached
            context=context.clone()
            limit=Limit::Members
            usage=seats
            remedy="Remove somebody, or revoke an invitation, to make room."
        />
        <section class="card" aria-labelledby="invite">
            <div class="card-head"><h2 id="invite">"Invite people"</h2></div>
            <Form function="invite_members" org=context.org.slug.to_string()>
                <div class="card-body invite">
                    <TextArea name="new[emails]" label="E-mail addresses" hint="Several at once, with a comma or a line between them."/>
                    <Select name="new[role]" label="Role" options=options value=Role::Member.name()/>
                </div>
                <div class="card-foot"><Submit label="Send invitations"/></div>
            </Form>
        </section>
    }
}

#[component]
fn Members(context: OrgContext, team: Team) -> impl IntoView {
    let now = team.now;
    let count = team.members.len();
    view! {
        <section class="card table-card" aria-labelledby="members">
            <div class="card-head"><h2 id="members">"Team " <span class="count">{count}</span></h2></div>
            <table class="table people">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th><th scope="col">"Role"</th><th scope="col">"Joined"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>
                    {team.members.into_iter().map(|member| view! {
                        <Member context=context.clone() member=member now=now/>
                    }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn Pending(context: OrgContext, team: Team) -> impl IntoView {
    let (org, own, now) = (context.org.slug.to_string(), context.org.role, team.now);
    let count = team.invitations.len();
    view! {
        <section class="card table-card" aria-labelledby="pending">
            <div class="card-head"><h2 id="pending">"Pending invitations " <span class="count">{count}</span></h2></div>
            <table class="table people">
                <thead>
                    <tr>
                        <th scope="col">"Address"</th><th scope="col">"Role"</th><th scope="col">"Sent"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>
                    {team.invitations.into_iter().map(|invitation| view! {
                        <Invitation org=org.clone() own=own invitation=invitation now=now/>
                    }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn Invitation(
    org: String,
    /// The role of whoever looks.
    own: Role,
    invitation: InvitationRow,
    now: DateTime<Utc>,
) -> impl IntoView {
    let id = invitation.id.to_string();
    let reaches = own.may_grant(invitation.role);
    let over = match () {
        () if invitation.expires_at <= now => Some("Expired"),
        () if invitation.is_void => Some("Void"),
        () => None,
    };
    let by = invitation.invited_by.map(|name| format!("by {name}"));
    view! {
        <tr>
            <td class="person">
                <span class="body"><strong>{invitation.email.to_string()}</strong><span class="muted">{by}</span></span>
            </td>
            <td data-label="Role"><Badge label=invitation.role.label() class="badge pill"/></td>
            <td data-label="Sent">
                {match over {
                    Some(over) => view! { <Badge label=over class="badge warning"/> }.into_any(),
                    None => view! { <Ago at=invitation.sent_at now=now/> }.into_any(),
                }}
            </td>
            <td class="end">
                {reaches.then(|| view! { <div class="buttons">
                    <ButtonForm function="resend_invitation" org=org.clone() label="Resend" class="button small" with=("invitation", id.clone())/>
                    <ButtonForm function="revoke_invitation" org=org label="Revoke" class="button small" with=("invitation", id)/>
                </div> })}
            </td>
        </tr>
    }
}
