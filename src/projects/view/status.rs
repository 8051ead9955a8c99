use leptos::prelude::*;

use crate::{id::DeploymentId, projects::model::DeploymentStatus, ui::Badge};

/// Where a deployment stands: a dot and a word.
#[component]
pub fn Status(of: DeploymentId, status: DeploymentStatus) -> impl IntoView {
    view! {
        <span data-status-of=of.to_string()><Badge label=status.label() class=status.badge()/></span>
    }
}
