//! Teams: invitations and memberships as they are in the database.

use atrium::{
    access::Role,
    billing::{Plan, SubscriptionStatus},
    entity::{invitation, organization, organization_member, organization_slug},
    id::{Email, InvitationId, OrgId, OrgSlug, UserId},
    server::{database::WriteTx, token},
    team::model::INVITATION_LIFETIME,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::World;

impl World {
    /// An organization in which nobody is, past the program.
    pub async fn founded(&self, slug: &str, plan: Plan, status: SubscriptionStatus) -> OrgId {
        let (id, now) = (OrgId::generate(), self.services.clock.now());
        let slug = OrgSlug::parse(slug).unwrap();
        let tx = self.db.write("a test founds organizations").await.unwrap();
        organization::Entity::insert(organization::ActiveModel {
            id: Set(id),
            name: Set(slug.to_string()),
            slug: Set(slug.clone()),
            plan: Set(plan),
            subscription_status: Set(status),
            cancel_at_period_end: Set(false),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        organization_slug::Entity::insert(organization_slug::ActiveModel {
            slug: Set(slug),
            organization_id: Set(id),
            claimed_at: Set(now),
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// An invitation that was sent, and the token of its link.
    pub async fn invitation(&self, slug: &str, email: &str, role: Role, by: UserId) -> String {
        let organization = self.organization(slug).await;
        let (secret, now) = (token::random().unwrap(), self.services.clock.now());
        let tx = self.db.write("a test invites").await.unwrap();
        invitation::Entity::insert(invitation::ActiveModel {
            id: Set(InvitationId::generate()),
            organization_id: Set(organization.id),
            email: Set(Email::parse(email).unwrap()),
            role: Set(role),
            token_hash: Set(Some(token::hash(&secret))),
            invited_by: Set(by),
            created_at: Set(now),
            sent_at: Set(now),
            expires_at: Set(now + INVITATION_LIFETIME),
            accepted_at: Set(None),
            accepted_by: Set(None),
            revoked_at: Set(None),
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        secret
    }

    /// The roles of all members, by the part of their address before the `@`.
    pub async fn roles(&self, slug: &str) -> Vec<(String, Role)> {
        use atrium::entity::user;
        let organization = self.organization(slug).await.id;
        let members = organization_member::Entity::find()
            .find_also_related(user::Entity)
            .filter(organization_member::Column::OrganizationId.eq(organization))
            .all(self.look())
            .await
            .unwrap();
        let mut roles: Vec<_> = members
            .into_iter()
            .map(|(member, user)| {
                let email = user.unwrap().email.to_string();
                (email.split('@').next().unwrap().to_owned(), member.role)
            })
            .collect();
        roles.sort_by(|a, b| a.0.cmp(&b.0));
        roles
    }

    /// Who has that address.
    pub async fn user(&self, email: &str) -> UserId {
        use atrium::entity::user;
        user::Entity::find_by_email(&Email::parse(email).unwrap())
            .one(self.look())
            .await
            .unwrap()
            .expect("an account")
            .id
    }

    /// Puts a member out of an organization, past the program.
    pub async fn expel(&self, slug: &str, user: UserId) {
        let organization = self.organization(slug).await.id;
        let tx = self.db.write("a test unmakes members").await.unwrap();
        organization_member::Entity::delete_many()
            .filter(organization_member::Column::OrganizationId.eq(organization))
            .filter(organization_member::Column::UserId.eq(user))
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Keeps everyone else from changing an organization, until it is dropped.
    pub async fn lock_organization(&self, slug: &str) -> WriteTx {
        let id = self.organization(slug).await.id;
        let tx = self.db.write("a test stands in the way").await.unwrap();
        let found = organization::Entity::find_by_id(id).lock_exclusive();
        found.one(&*tx).await.unwrap();
        tx
    }

    /// Deletes all invitations of an organization, past the program.
    pub async fn forget_invitations(&self, slug: &str) {
        let organization = self.organization(slug).await.id;
        let tx = self.db.write("a test unmakes invitations").await.unwrap();
        invitation::Entity::delete_many()
            .filter(invitation::Column::OrganizationId.eq(organization))
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// How often each action stands in the audit log of an organization.
    pub async fn count_of(&self, slug: &str, action: &str) -> usize {
        let rows = self.audit(slug).await;
        rows.iter().filter(|row| row.action == action).count()
    }
}
