//! The dialogs by which one leaves an organization, or deletes it.

use leptos::prelude::*;

use crate::{
    organizations::model::OrgHead,
    ui::form::{Confirm, ConfirmDanger},
};

/// Opened by a button for `leave-organization`.
#[component]
pub fn LeaveDialog(org: OrgHead) -> impl IntoView {
    view! {
        <Confirm
            id="leave-organization"
            function="leave_organization"
            org=org.slug.to_string()
            title=format!("Leave {}", org.name)
            warning="You lose access at once, and come back only by a new invitation."
            label="Leave organization"
        />
    }
}

/// Opened by a button for `delete-organization`.
#[component]
pub fn DeleteDialog(org: OrgHead) -> impl IntoView {
    view! {
        <ConfirmDanger
            id="delete-organization"
            function="delete_organization"
            org=org.slug.to_string()
            title="Delete organization"
            warning=format!("This deletes {} with all its projects, for all its members. It can't be undone.", org.name)
            phrase=org.slug.to_string()
            label="Delete organization"
        />
    }
}
