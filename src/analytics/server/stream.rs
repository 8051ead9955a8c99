//! Watching an organization: a door, and a place in its room.

use std::sync::Arc;

use crate::{
    access::{
        Can, can,
        server::{Grant, Person, Watch},
    },
    error::AppError,
    id::OrgSlug,
    server::live::{Audience, Caps, Full, Ticket, Viewer},
};

/// Whoever was let in to watch.
pub struct Admitted {
    person: Person,
    watch: Watch,
    audience: Audience,
}

/// Lets a member in. While the organization is closed, those who pay for it may
/// watch whether they have.
///
/// # Errors
/// `SignedOut`, `NotFound`, `Suspended`.
pub async fn admit(person: Person, org: &OrgSlug) -> Result<Admitted, AppError> {
    type Payer = can::InAnyStanding<can::ManageBilling>;
    match person.clone().enter::<can::ViewOrganization>(org).await {
        Ok(grant) => Ok(Admitted::by(person, &grant, Audience::Members)),
        Err(suspended @ AppError::Suspended { .. }) => {
            match person.clone().enter::<Payer>(org).await {
                Ok(grant) => Ok(Admitted::by(person, &grant, Audience::Payers)),
                Err(AppError::Forbidden { .. }) => Err(suspended),
                Err(other) => Err(other),
            }
        }
        Err(other) => Err(other),
    }
}

impl Admitted {
    fn by<C: Can>(person: Person, grant: &Grant<C>, audience: Audience) -> Self {
        Self {
            person,
            watch: Watch::by(grant),
            audience,
        }
    }

    /// Takes a place.
    ///
    /// # Errors
    /// `TooManyStreams`; `Unavailable` if the node is about to end.
    pub async fn watch(self) -> Result<Viewer, AppError> {
        let services = self.person.services();
        let ticket = Ticket {
            organization: self.watch.organization(),
            user: self.person.account().id,
            session: self.person.session_id().await?,
            audience: self.audience,
        };
        let caps = Caps {
            per_user: services.config.streams_per_user,
            per_organization: services.config.streams_per_organization,
        };
        let watch = self.watch;
        let joined = services.live.join(ticket, caps, || Arc::new(watch));
        joined.map_err(|full| match full {
            Full::User | Full::Organization => AppError::TooManyStreams,
            Full::Closing => AppError::Unavailable,
        })
    }
}
