//! What is to be gone from the store, once the transaction is committed that
//! made it nobody's.

use serde::{Deserialize, Serialize};

use crate::server::{
    outbox::{self, Undelivered},
    services::Services,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "removal", rename_all = "snake_case")]
pub enum Removal {
    Artifact { location: String },
    AllBelow { place: String },
}

impl outbox::Effect for Removal {}

impl Removal {
    #[must_use]
    pub fn of(location: &str) -> Self {
        Self::Artifact {
            location: location.to_owned(),
        }
    }

    /// All that an organization, a project or an environment had.
    #[must_use]
    pub fn below(place: impl ToString) -> Self {
        Self::AllBelow {
            place: place.to_string(),
        }
    }

    /// # Errors
    /// If the store can't be reached.
    pub async fn carry_out(self, services: &Services) -> Result<(), Undelivered> {
        match self {
            Self::Artifact { location } => services.store.delete(&location).await?,
            Self::AllBelow { place } => services.store.delete_below(&place).await?,
        }
        Ok(())
    }
}
