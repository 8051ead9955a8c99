//! Where a project runs: production, preview, and whatever else it is called.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::NAME_MAX;
use crate::{
    error::AppError,
    id::{EnvironmentId, ProjectId},
    validate::Checks,
};

/// What every project begins with.
pub const PRODUCTION: &str = "production";

/// An environment as it was typed, new or changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewEnvironment {
    #[serde(default)]
    pub name: String,
}

impl NewEnvironment {
    /// The name that it is to have.
    ///
    /// # Errors
    /// `Invalid` with what is wrong with it.
    pub fn check(&self) -> Result<String, AppError> {
        let mut checks = Checks::default();
        let name = checks.line("new[name]", &self.name, 1, NAME_MAX);
        checks.done()?;
        Ok(name)
    }
}

/// An environment in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::DerivePartialModel, utoipa::ToSchema),
    sea_orm(entity = "crate::entity::environment::Entity"),
    schema(as = Environment)
)]
pub struct EnvironmentCard {
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "env_01h455vb4pex5vsknk084sn02q"))]
    pub id: EnvironmentId,
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "prj_01h455vb4pex5vsknk084sn02q"))]
    pub project_id: ProjectId,
    #[cfg_attr(feature = "ssr", schema(example = "production"))]
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
