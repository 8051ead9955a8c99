//! The ways in, for pages, server functions and routes alike.

use axum::extract::FromRequestParts;
use axum_login::AuthSession;
use chrono::{DateTime, Utc};
use http::request::Parts;
use leptos::prelude::use_context;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    agent::Agent,
    authn::{Account, Backend},
    grant::Grant,
    session_store,
    trail::Actor,
};
use crate::{
    access::{Can, Role},
    entity::{organization, organization_member, session},
    error::AppError,
    id::{OrgSlug, SessionId},
    server::{database::Scope, request::RequestInfo, services::Services},
};

/// Whoever sends the request, known or not.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub services: Services,
    pub request: RequestInfo,
    pub auth: AuthSession<Backend>,
}

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    visitor: Visitor,
    account: Account,
}

/// Whoever sends the request that is being answered.
///
/// # Errors
/// `Unavailable` outside of a request.
pub fn visitor() -> Result<Visitor, AppError> {
    use_context::<Parts>()
        .as_ref()
        .and_then(Visitor::of)
        .ok_or(AppError::Unavailable)
}

/// Whoever is signed in.
///
/// # Errors
/// `SignedOut` if nobody is.
pub fn person() -> Result<Person, AppError> {
    visitor()?.person()
}

/// The member of that organization who may do what is asked for.
///
/// # Errors
/// `SignedOut`; `NotFound` for whoever is no member, as if the organization
/// didn't exist; `Suspended`; `Forbidden` for a member whose role doesn't
/// include it.
pub async fn session<C: Can>(org: &OrgSlug) -> Result<Grant<C>, AppError> {
    person()?.enter(org).await
}

/// Whether a member in that role may do it, as the organization stands.
pub(super) fn admit<C: Can>(
    organization: &organization::Model,
    role: Role,
) -> Result<(), AppError> {
    let standing = organization.subscription_status.standing();
    if !standing.is_open() && !C::IN_ANY_STANDING {
        return Err(AppError::Suspended { standing });
    }
    if !role.may(C::CAPABILITY) {
        return Err(AppError::Forbidden {
            needs: C::CAPABILITY,
        });
    }
    Ok(())
}

impl Visitor {
    fn of(parts: &Parts) -> Option<Self> {
        Some(Self {
            services: parts.extensions.get::<Services>()?.clone(),
            request: parts.extensions.get::<RequestInfo>()?.clone(),
            auth: parts.extensions.get::<AuthSession<Backend>>()?.clone(),
        })
    }

    /// # Errors
    /// `SignedOut` if nobody is signed in.
    pub fn person(self) -> Result<Person, AppError> {
        let account = self.auth.user.clone().ok_or(AppError::SignedOut)?;
        Ok(Person {
            visitor: self,
            account,
        })
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.services.clock.now()
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = http::StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, http::StatusCode> {
        Self::of(parts).ok_or(http::StatusCode::SERVICE_UNAVAILABLE)
    }
}

impl Person {
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    #[must_use]
    pub fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    #[must_use]
    pub fn services(&self) -> &Services {
        &self.visitor.services
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.visitor.now()
    }

    #[must_use]
    pub fn actor(&self) -> Actor {
        self.agent().actor()
    }

    /// The person, as one who acts in an organization.
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent {
            services: self.visitor.services.clone(),
            request: self.visitor.request.clone(),
            account: self.account.clone(),
            key: None,
            once: None,
        }
    }

    /// The same person, if the session that the request came with is still
    /// there: for what goes on for a while.
    ///
    /// # Errors
    /// `SignedOut` if it was ended, or goes on under another id.
    pub async fn still(&self) -> Result<Self, AppError> {
        self.session_id().await.map(|_| self.clone())
    }

    /// The session that the request came with.
    ///
    /// # Errors
    /// `SignedOut` if it was ended, or goes on under another id.
    pub async fn session_id(&self) -> Result<SessionId, AppError> {
        let id = self.visitor.auth.session.id().ok_or(AppError::SignedOut)?;
        let db = self.services().db.unscoped("a session is a person's own");
        let found: Option<SessionId> = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .filter(session::Column::IdHash.eq(session_store::hash_of(&id)))
            .filter(session::Column::UserId.eq(self.account.id))
            .filter(session::Column::ExpiresAt.gt(self.now()))
            .into_tuple()
            .one(db)
            .await?;
        found.ok_or(AppError::SignedOut)
    }

    /// Goes through the door of an organization.
    ///
    /// # Errors
    /// `NotFound` for whoever is no member, and where the host of the request
    /// names another organization; `Suspended` if the organization has lapsed
    /// or is suspended; `Forbidden` for a member whose role doesn't include what
    /// is asked for.
    pub async fn enter<C: Can>(self, slug: &OrgSlug) -> Result<Grant<C>, AppError> {
        if !self.visitor.request.host.admits(slug) {
            return Err(AppError::NotFound);
        }
        let db = self.services().db.read(Scope::Person(self.account.id));
        let (member, organization) = organization_member::Entity::find()
            .find_also_related(organization::Entity)
            .filter(organization_member::Column::UserId.eq(self.account.id))
            .filter(organization::Column::Slug.eq(slug.clone()))
            .one(&db.await?)
            .await?
            .ok_or(AppError::NotFound)?;
        let organization = organization.ok_or(AppError::NotFound)?;
        let services = self.services();
        services
            .presence
            .note(organization.id, member.user_id, self.now());
        Grant::issue(self.agent(), organization, member.role)
    }
}
