//! Whoever acts in an organization, however they came in.

use chrono::{DateTime, Utc};

use super::{authn::Account, trail::Actor};
use crate::{
    access::KeyScopes,
    error::AppError,
    id::{ApiKeyId, UserId},
    server::{request::RequestInfo, services::Services},
};

/// Somebody who is signed in, or a key of the API on behalf of whoever made it.
#[derive(Clone, Debug)]
pub struct Agent {
    pub(super) services: Services,
    pub(super) request: RequestInfo,
    /// Whose role counts.
    pub(super) account: Account,
    pub(super) key: Option<ActingKey>,
    pub(super) once: Option<Once>,
}

/// A key as far as acting by it goes.
#[derive(Clone, Debug)]
pub struct ActingKey {
    pub id: ApiKeyId,
    pub name: String,
    pub scopes: KeyScopes,
}

/// What makes a request known again, if it is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Of who asks, and of the key that they sent.
    pub key_hash: Vec<u8>,
    /// Of what is asked.
    pub request_hash: Vec<u8>,
}

/// Who made something: a person, or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creator {
    pub kind: &'static str,
    pub id: uuid::Uuid,
    pub name: String,
}

impl Agent {
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Where the program is reached: `https://atrium.example`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.services.config.app_url().origin().to_owned()
    }

    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Whose role counts.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.account.id
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.services.clock.now()
    }

    #[must_use]
    pub fn key(&self) -> Option<&ActingKey> {
        self.key.as_ref()
    }

    #[must_use]
    pub fn creator(&self) -> Creator {
        match &self.key {
            Some(key) => Creator {
                kind: "api_key",
                id: key.id.0,
                name: key.name.clone(),
            },
            None => Creator {
                kind: "user",
                id: self.account.id.0,
                name: self.account.name.clone(),
            },
        }
    }

    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::of(self, &self.request)
    }

    /// Whether it may do that at all, whatever the role allows.
    ///
    /// # Errors
    /// `MissingScope`; `Forbidden` for what no key may do.
    pub(super) fn admit<C: crate::access::Can>(&self) -> Result<(), AppError> {
        let Some(key) = &self.key else { return Ok(()) };
        match C::CAPABILITY.key_scope() {
            Some(scope) if key.scopes.has(scope) => Ok(()),
            Some(scope) => Err(AppError::MissingScope { scope }),
            None => Err(AppError::Forbidden {
                needs: C::CAPABILITY,
            }),
        }
    }
}
