use leptos::prelude::*;

use crate::{
    billing::{Limit, Plan, Quota},
    organizations::model::Usage,
    ui::{Glyph, Icon},
};

/// Says that a limit is reached, where it stands and what the next plan gives;
/// nothing while there is room.
#[component]
pub fn LimitReached(
    plan: Plan,
    limit: Limit,
    usage: Usage,
    /// How to make room.
    remedy: &'static str,
) -> impl IntoView {
    let Quota::Limited(max) = usage.quota else {
        return None;
    };
    let next = plan.next().map(|next| {
        let allowance = match next.quota(limit) {
            Quota::Limited(max) => max.to_string(),
            Quota::Unlimited => "as many as you like".to_owned(),
        };
        format!(" The {} plan includes {allowance}.", next.label())
    });
    (usage.used >= max).then(|| view! {
        <div class="banner warning" role="status">
            <Icon glyph=Glyph::TriangleAlert/>
            <p>
                <strong>{format!("{} of {max} {} of the {} plan are in use. ", usage.used, limit.label(), plan.label())}</strong>
                {remedy}
                {next}
            </p>
        </div>
    })
}
