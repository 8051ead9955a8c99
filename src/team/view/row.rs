//! A member in the list, with what can be done about them.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    access::{Capability, Role},
    organizations::model::OrgContext,
    team::model::MemberRow,
    ui::{Ago, Avatar, Badge, Glyph, Icon, form::Confirm},
};

#[component]
pub fn Member(context: OrgContext, member: MemberRow, now: DateTime<Utc>) -> impl IntoView {
    let actions = Actions::on(&context, &member);
    view! {
        <tr>
            <td class="person">
                <Avatar name=member.name.clone()/>
                <span class="body">
                    <strong>{member.name.clone()} {member.is_me.then(|| view! { " " <span class="faint">"(you)"</span> })}</strong>
                    <span class="muted">{member.email.to_string()}</span>
                </span>
            </td>
            <td data-label="Role"><Badge label=member.role.label() class="badge pill"/></td>
            <td data-label="Joined"><Ago at=member.joined_at now=now/></td>
            <td class="end">{(!actions.is_empty()).then(|| view! { <Menu context=context member=member actions=actions/> })}</td>
        </tr>
    }
}

/// What whoever looks may do with a member; the server decides each time.
#[derive(Clone)]
struct Actions {
    /// The roles that the member could be given.
    roles: Vec<Role>,
    can_be_removed: bool,
}

impl Actions {
    fn on(context: &OrgContext, member: &MemberRow) -> Self {
        let own = context.org.role;
        let reaches = own.may_act_on(member.role);
        let may_change = reaches && context.may(Capability::UpdateRole);
        let grantable = |role: &Role| *role != member.role && own.may_grant(*role);
        Self {
            roles: Role::ALL
                .into_iter()
                .filter(|role| may_change && grantable(role))
                .collect(),
            can_be_removed: reaches && context.may(Capability::RemoveMember) && !member.is_me,
        }
    }

    fn is_empty(&self) -> bool {
        self.roles.is_empty() && !self.can_be_removed
    }
}

#[component]
fn Menu(context: OrgContext, member: MemberRow, actions: Actions) -> impl IntoView {
    let (org, user) = (context.org.slug.to_string(), member.user.to_string());
    let menu = format!("menu-{user}");
    let dialog = format!("remove-{user}");
    let make = {
        let (org, user) = (org.clone(), user.clone());
        move |role: Role| {
            view! {
                <form method="post" action="/_fn/change_role">
                    <input type="hidden" name="org" value=org.clone()/>
                    <input type="hidden" name="member" value=user.clone()/>
                    <input type="hidden" name="role" value=role.name()/>
                    <button class="item" type="submit"><span class="label">{format!("Make {}", role.label().to_lowercase())}</span></button>
                </form>
            }
        }
    };
    view! {
        <button class="button ghost icon-only small" type="button" popovertarget=menu.clone() aria-label=format!("Manage {}", member.name)>
            <Icon glyph=Glyph::Ellipsis/>
        </button>
        <div class="menu" id=menu popover>
            {(!actions.roles.is_empty()).then(|| view! { <p class="menu-title">"Role"</p> })}
            {actions.roles.into_iter().map(make).collect_view()}
            {actions.can_be_removed.then(|| view! {
                <hr/>
                <button class="item" type="button" commandfor=dialog.clone() command="show-modal">
                    <Icon glyph=Glyph::Trash2/><span class="label">"Remove…"</span>
                </button>
            })}
        </div>
        {actions.can_be_removed.then(|| view! {
            <Confirm
                id=dialog.clone()
                function="remove_member"
                org=org
                title=format!("Remove {}", member.name)
                warning=format!("{} loses access to {} at once. What they made stays.", member.name, context.org.name)
                label="Remove"
                with=("member", user)
            />
        })}
    }
}
