//! Projects, environments, deployments and keys.

use atrium::{
    access::KeyScope,
    api_keys::model::Lifetime,
    entity::{api_key, environment},
    id::{ApiKeyId, DeploymentId, EnvironmentId, OrgSlug, ProjectId},
    projects::{api::CreateDeployment, model::NewDeployment},
    server::{api_secret, token},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Browser, World};

impl World {
    /// The environment that the project began with.
    pub async fn environment(&self, project: ProjectId) -> EnvironmentId {
        environment::Entity::find()
            .filter(environment::Column::ProjectId.eq(project))
            .order_by_asc(environment::Column::Id)
            .one(self.look())
            .await
            .unwrap()
            .expect("an environment")
            .id
    }

    /// A deployment to that environment, made by somebody.
    pub async fn deployment(&self, by: &Browser, project: ProjectId) -> DeploymentId {
        use atrium::entity::{deployment, organization};
        let of = atrium::entity::project::Entity::find_by_id(project)
            .one(self.look())
            .await
            .unwrap()
            .unwrap()
            .organization_id;
        let slug: OrgSlug = organization::Entity::find_by_id(of)
            .one(self.look())
            .await
            .unwrap()
            .unwrap()
            .slug;
        let new = NewDeployment {
            message: "Something new".to_owned(),
            ..NewDeployment::default()
        };
        let org = slug;
        by.call(CreateDeployment { org, project, new })
            .await
            .unwrap();
        deployment::Entity::find()
            .filter(deployment::Column::ProjectId.eq(project))
            .order_by_desc(deployment::Column::Id)
            .one(self.look())
            .await
            .unwrap()
            .expect("a deployment")
            .id
    }

    /// A key of an organization with those scopes, that acts for whoever has
    /// that address; and its id.
    pub async fn key(&self, slug: &str, email: &str, scopes: &[KeyScope]) -> (ApiKeyId, String) {
        let organization = self.organization(slug).await.id;
        let (id, key) = (ApiKeyId::generate(), api_secret::generate().unwrap());
        let now = self.services.clock.now();
        let row = api_key::Model {
            id,
            organization_id: organization,
            name: "CI".to_owned(),
            prefix: key[..13].to_owned(),
            last_four: key[key.len() - 4..].to_owned(),
            hash: token::hash(&key),
            scopes: atrium::access::KeyScopes::of(scopes.iter().copied()),
            created_by: self.user(email).await,
            created_at: now,
            expires_at: Lifetime::Year.length().map(|length| now + length),
            last_used_at: None,
            replaced_at: None,
            revoked_at: None,
        };
        let tx = self.db.write("a test makes keys").await.unwrap();
        api_key::Entity::insert(api_key::ActiveModel {
            last_used_at: Set(None),
            ..row.into()
        })
        .exec_without_returning(&*tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        (id, key)
    }
}
