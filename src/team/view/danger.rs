//! Ways out: leaving, handing over, deleting.

use leptos::prelude::*;

use crate::{
    access::Capability,
    organizations::{
        model::{OrgContext, OrgHead},
        view::{Crumb, DeleteDialog, LeaveDialog, OrgPage, Section, org_page},
    },
    team::{
        api,
        model::{MemberRow, Team},
    },
    ui::{Glyph, Icon, Select, form::ConfirmDanger},
};

#[component]
pub fn DangerPage() -> impl IntoView {
    org_page(api::get_team, |context, team| {
        let org = context.org.clone();
        OrgPage {
            section: Section::Danger,
            title: "Danger zone".to_owned(),
            crumbs: vec![Crumb::here("Danger zone")],
            action: None,
            is_narrow: true,
            body: view! {
                <div class="page-title"><div><h1>"Danger zone"</h1><p class="muted">"What is hard or impossible to undo"</p></div></div>
                <section class="card danger" aria-label="Danger zone">
                    <div class="card-body settings">
                        <Leave org=org.clone()/>
                        {context.may(Capability::TransferOrganization).then(|| view! { <Transfer context=context.clone() team=team/> })}
                        {context.may(Capability::DeleteOrganization).then(|| view! { <Delete org=org/> })}
                    </div>
                </section>
            }
            .into_any(),
        }
    })
}

#[component]
fn Setting(
    title: &'static str,
    words: &'static str,
    /// The dialog that it opens.
    opens: &'static str,
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <div class="setting-row">
            <div><h2>{title}</h2><p class="muted">{words}</p></div>
            <button class="button danger-outline" type="button" commandfor=opens command="show-modal">
                <Icon glyph=glyph/>{format!("{title}…")}
            </button>
        </div>
    }
}

#[component]
fn Leave(org: OrgHead) -> impl IntoView {
    view! {
        <Setting
            title="Leave organization"
            words="You lose access at once. The last owner can't leave."
            opens="leave-organization"
            glyph=Glyph::LogOut
        />
        <LeaveDialog org=org/>
    }
}

/// To one of the others; alone, there is nobody to transfer it to.
#[component]
fn Transfer(context: OrgContext, team: Team) -> impl IntoView {
    let others: Vec<MemberRow> = team
        .members
        .into_iter()
        .filter(|member| !member.is_me)
        .collect();
    if others.is_empty() {
        return None;
    }
    let org = context.org;
    let options = others
        .into_iter()
        .map(|member| {
            (
                member.user.to_string(),
                format!("{} ({})", member.name, member.email),
            )
        })
        .collect();
    Some(view! {
        <Setting
            title="Transfer ownership"
            words="Another member becomes an owner, and you become an admin."
            opens="transfer-organization"
            glyph=Glyph::Users
        />
        <ConfirmDanger
            id="transfer-organization"
            function="transfer_organization"
            org=org.slug.to_string()
            title="Transfer ownership"
            warning="Only the new owner, or another one, can make you an owner again."
            phrase=org.slug.to_string()
            label="Transfer ownership"
            before=view! { <Select name="member" label="New owner" options=options/> }.into_any()
        />
    })
}

#[component]
fn Delete(org: OrgHead) -> impl IntoView {
    view! {
        <Setting
            title="Delete organization"
            words="Deletes it with all its projects. Its audit log is kept."
            opens="delete-organization"
            glyph=Glyph::Trash2
        />
        <DeleteDialog org=org/>
    }
}
