//! Where all pages of an organization lead whose subscription has ended, or is
//! not paid.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    out::{DeleteDialog, LeaveDialog},
    section::Section,
};
use crate::{
    access::Capability,
    billing::Standing,
    id::OrgSlug,
    identity::view::AuthFrame,
    organizations::{api, model::OrgHead},
    ui::{
        Glyph, Icon,
        form::{ButtonForm, Refused},
        load,
    },
};

#[component]
pub fn ReactivatePage() -> impl IntoView {
    let org = use_params_map()
        .with_untracked(|params| params.get("org"))
        .unwrap_or_default();
    load(api::get_standing(OrgSlug::from(org)), |org| {
        let title = match org.standing {
            Standing::Good => format!("{} is in good standing", org.name),
            Standing::Grace => format!("A payment for {} is overdue", org.name),
            Standing::Lapsed => format!("The subscription of {} has ended", org.name),
            Standing::Suspended => format!("{} is suspended", org.name),
        };
        view! {
            <AuthFrame title=title wide=true with_commands=true>
                <Refused functions=&["continue_on_free"]/>
                <Ways org=org.clone()/>
                {(!org.standing.is_open()).then(|| view! { <WaysOut org=org/> })}
                <div class="row between">
                    <a class="button ghost" href="/app?choose"><Icon glyph=Glyph::Building/>"All organizations"</a>
                    <ButtonForm function="sign_out" label="Sign out" class="button ghost"/>
                </div>
            </AuthFrame>
        }
    })
}

/// What can be done about it, and by whom.
#[component]
fn Ways(org: OrgHead) -> impl IntoView {
    let is_owner = org.role.may(Capability::ManageBilling);
    let words = match (org.standing, is_owner) {
        (Standing::Good | Standing::Grace, _) => {
            "There is nothing to reactivate: everything works."
        }
        (Standing::Lapsed, true) => {
            "Nothing was deleted. Subscribe again, or go on with the Free plan: what is over its \
             limits stays readable then, and new things can be created once they fit."
        }
        (Standing::Lapsed, false) => {
            "Nothing was deleted. An owner of the organization decides how it goes on; ask one of them."
        }
        (Standing::Suspended, true) => {
            "Nothing was deleted. The organization opens again as soon as its bill is paid."
        }
        (Standing::Suspended, false) => {
            "Nothing was deleted. The organization opens again as soon as an owner has paid its bill."
        }
    };
    let slug = org.slug.to_string();
    let billing = Section::Billing.path(&org.slug);
    view! {
        <p class="muted">{words}</p>
        {org.standing.is_open().then(|| view! {
            <a class="button primary" href=format!("/app/{slug}")>"Open the organization"</a>
        })}
        {(org.standing == Standing::Lapsed && is_owner).then(|| view! {
            <a class="button primary" href=format!("{billing}#plans")>"Choose a plan"</a>
            <ButtonForm function="continue_on_free" org=slug.clone() label="Continue on Free" class="button block"/>
        })}
        {(org.standing == Standing::Suspended && is_owner).then(|| view! {
            <a class="button primary" href=billing.clone()>"Pay the bill"</a>
        })}
    }
}

/// For whoever would rather not go on.
#[component]
fn WaysOut(org: OrgHead) -> impl IntoView {
    let may_delete = org.role.may(Capability::DeleteOrganization);
    view! {
        <div class="row">
            <button class="button" type="button" commandfor="leave-organization" command="show-modal">"Leave organization…"</button>
            {may_delete.then(|| view! {
                <button class="button danger-outline" type="button" commandfor="delete-organization" command="show-modal">
                    "Delete organization…"
                </button>
            })}
        </div>
        <LeaveDialog org=org.clone()/>
        {may_delete.then(|| view! { <DeleteDialog org=org/> })}
    }
}
