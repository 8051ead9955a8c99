//! Ways out of a bad standing.

use sea_orm::ActiveValue::Set;

use super::{look, settings::update};
use crate::{
    access::{
        can::{self, InAnyStanding},
        server::Grant,
    },
    audit::model::Event,
    billing::{Plan, Standing, SubscriptionStatus},
    entity::organization,
    error::AppError,
    organizations::model::OrgHead,
};

/// The organization, however it stands.
#[must_use]
pub fn head(grant: &Grant<InAnyStanding<can::ViewOrganization>>) -> OrgHead {
    look::head(grant.organization().clone(), grant.role())
}

/// Goes on without the subscription that has ended.
///
/// # Errors
/// `Suspended` for an organization that has to pay first.
pub async fn continue_on_free(
    grant: &Grant<InAnyStanding<can::ManageBilling>>,
) -> Result<(), AppError> {
    let tx = grant.begin().await?;
    let organization = tx.organization().id;
    match tx.organization().subscription_status.standing() {
        Standing::Good | Standing::Grace => return Ok(()),
        standing @ Standing::Suspended => return Err(AppError::Suspended { standing }),
        Standing::Lapsed => {}
    }
    update(
        &tx,
        organization::ActiveModel {
            plan: Set(Plan::Free),
            subscription_status: Set(SubscriptionStatus::None),
            ..Default::default()
        },
    )
    .await?;
    tx.commit(Event::ContinuedOnFree { organization }).await
}
