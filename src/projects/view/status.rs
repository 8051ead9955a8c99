use leptos::prelude::*;

use crate::{projects::model::DeploymentStatus, ui::Badge};

/// Where a deployment stands: a dot and a word.
#[component]
pub fn Status(status: DeploymentStatus) -> impl IntoView {
    let class = match status {
        DeploymentStatus::Queued => "badge",
        DeploymentStatus::Building => "badge info",
        DeploymentStatus::Ready => "badge success",
        DeploymentStatus::Failed => "badge danger",
        DeploymentStatus::Canceled => "badge warning",
    };
    view! { <Badge label=status.label() class=class/> }
}
