//! Whoever shows the secret of an invitation: let in as far as that goes.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::LockType};

use super::{
    door::{Person, Visitor},
    tx::OrgTx,
};
use crate::{
    entity::{invitation, user},
    error::AppError,
    server::{
        database::{ReadTx, Scope},
        token,
    },
};

/// Somebody who has shown the secret of an invitation.
#[derive(Debug)]
pub struct Bearer {
    invitation: invitation::Model,
    secret_hash: Vec<u8>,
}

/// A person on the way in, alone with the organization until they are.
#[derive(Debug)]
pub struct Joining {
    pub tx: OrgTx,
    /// As it is under the lock.
    pub invitation: invitation::Model,
    /// As it is under the lock.
    pub account: user::Model,
}

impl Bearer {
    /// # Errors
    /// `LinkExpired` if no invitation has that secret, or no longer.
    pub async fn of(visitor: &Visitor, secret: &str) -> Result<Self, AppError> {
        let secret_hash = token::hash(secret);
        let scope = Scope::Bearer(secret_hash.clone());
        let invitation = invitation::Entity::find()
            .filter(invitation::Column::TokenHash.eq(secret_hash.clone()))
            .one(&visitor.services.db.read(scope).await?)
            .await?
            .ok_or(AppError::LinkExpired)?;
        Ok(Self {
            invitation,
            secret_hash,
        })
    }

    /// As it was found.
    #[must_use]
    pub fn invitation(&self) -> &invitation::Model {
        &self.invitation
    }

    /// Where what the invitation is about is read from.
    ///
    /// # Errors
    /// `Unavailable` if the database can't be reached.
    pub async fn read(&self, visitor: &Visitor) -> Result<ReadTx, AppError> {
        let scope = Scope::Tenant(self.invitation.organization_id);
        visitor.services.db.read(scope).await
    }

    /// Begins a change by somebody who needn't be a member yet. The person is
    /// locked before the organization, like by whoever founds one or deletes
    /// their account.
    ///
    /// # Errors
    /// `LinkExpired` if the invitation has another secret by now, or is gone;
    /// `Suspended`; `SignedOut` if the account is gone.
    pub async fn join(&self, person: &Person) -> Result<Joining, AppError> {
        let db = &person.services().db;
        let tx = db.write("an invitation leads into a tenant").await?;
        let account = user::Entity::find_by_id(person.account().id)
            .lock(LockType::NoKeyUpdate)
            .one(&*tx)
            .await?
            .ok_or(AppError::SignedOut)?;
        let opened = OrgTx::within(&person.agent(), tx, self.invitation.organization_id).await;
        let tx = opened.map_err(|error| match error {
            AppError::NotFound => AppError::LinkExpired,
            other => other,
        })?;
        let invitation = tx
            .find::<invitation::Entity>()
            .filter(invitation::Column::Id.eq(self.invitation.id))
            .filter(invitation::Column::TokenHash.eq(self.secret_hash.clone()))
            .one(&*tx)
            .await?
            .ok_or(AppError::LinkExpired)?;
        let standing = tx.organization().subscription_status.standing();
        // Whoever is in already, or never will be, is told that instead.
        let is_open_yet = invitation.accepted_at.is_none() && invitation.revoked_at.is_none();
        if is_open_yet && !standing.is_open() {
            return Err(AppError::Suspended { standing });
        }
        Ok(Joining {
            tx,
            invitation,
            account,
        })
    }
}
