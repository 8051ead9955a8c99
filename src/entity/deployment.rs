use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{DeploymentId, EnvironmentId, OrgId, ProjectId},
    projects::model::DeploymentStatus,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deployment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeploymentId,
    pub organization_id: OrgId,
    pub project_id: ProjectId,
    pub environment_id: EnvironmentId,
    pub status: DeploymentStatus,
    pub commit_sha: Option<String>,
    pub git_ref: Option<String>,
    pub message: Option<String>,
    pub url: Option<String>,
    /// All that a search looks into, in lower case.
    pub search_text: String,
    /// `user` or `api_key`.
    pub creator_type: String,
    /// Of a user or of a key, which may be gone by now.
    pub creator_id: Uuid,
    /// As the creator was called then.
    pub creator_name: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub artifact_name: Option<String>,
    pub artifact_type: Option<String>,
    /// 0 without an artifact.
    pub artifact_bytes: i64,
    pub artifact_sha256: Option<Vec<u8>>,
    /// Where it is in the store; none without an artifact.
    pub artifact_location: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::environment::Entity",
        from = "(Column::OrganizationId, Column::EnvironmentId)",
        to = "(super::environment::Column::OrganizationId, super::environment::Column::Id)"
    )]
    Environment,
}

impl Related<super::environment::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Environment.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
