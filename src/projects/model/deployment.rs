//! What was deployed: by a job that reports it, or by hand.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ArtifactCard, NAME_MAX, SEARCH_MAX, search_key, web_address::web_address};
use crate::{
    error::{AppError, Conflict, Problem},
    id::{DeploymentId, EnvironmentId, ProjectId},
    paging::Place,
    validate::Checks,
};

/// The longest name of a branch or a tag, in characters.
pub const GIT_REF_MAX: usize = 255;
/// The longest message, in characters.
pub const MESSAGE_MAX: usize = 1000;
/// A commit's hash is as short as Git abbreviates it, and as long as SHA-256.
const COMMIT_SHA: std::ops::RangeInclusive<usize> = 4..=64;

/// Where a deployment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum, utoipa::ToSchema),
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")
)]
pub enum DeploymentStatus {
    Queued,
    Building,
    Ready,
    Failed,
    Canceled,
}

impl DeploymentStatus {
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Building,
        Self::Ready,
        Self::Failed,
        Self::Canceled,
    ];

    /// The one place that says which way a deployment goes. To stay where it
    /// stands is no step, and always fine: whoever isn't sure whether they were
    /// heard says it again.
    ///
    /// # Errors
    /// `Conflict` if there is no such step.
    pub const fn step_to(self, next: Self) -> Result<Self, AppError> {
        match (self, next) {
            (Self::Queued, Self::Queued | Self::Building | Self::Failed | Self::Canceled)
            | (Self::Building, Self::Building | Self::Ready | Self::Failed | Self::Canceled)
            | (Self::Ready, Self::Ready)
            | (Self::Failed, Self::Failed)
            | (Self::Canceled, Self::Canceled) => Ok(next),
            _ => Err(AppError::Conflict {
                conflict: Conflict::NotAStep,
            }),
        }
    }

    /// Where it can go from here.
    #[must_use]
    pub fn next(self) -> Vec<Self> {
        let is_step = |next: &Self| *next != self && self.step_to(*next).is_ok();
        Self::ALL.into_iter().filter(is_step).collect()
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Ready | Self::Failed | Self::Canceled)
    }

    /// The status's stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Building => "building",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// What it is called for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Building => "Building",
            Self::Ready => "Ready",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }
}

/// A deployment as it was typed, or reported.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewDeployment {
    /// The name of an environment of the project, or its id.
    #[serde(default)]
    pub environment: String,
    #[serde(default)]
    pub commit_sha: String,
    #[serde(default)]
    pub git_ref: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub url: String,
}

/// What is said about a deployment; nothing is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentText {
    pub commit_sha: Option<String>,
    pub git_ref: Option<String>,
    pub message: Option<String>,
    pub url: Option<String>,
}

impl NewDeployment {
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(&self) -> Result<DeploymentText, AppError> {
        let mut checks = Checks::default();
        if let Some(name) = filled(&self.environment) {
            checks.line("new[environment]", name, 1, NAME_MAX);
        }
        let text = DeploymentText {
            commit_sha: filled(&self.commit_sha)
                .and_then(|sha| checks.parsed("new[commit_sha]", commit_sha(sha))),
            git_ref: filled(&self.git_ref)
                .map(|name| checks.line("new[git_ref]", name, 1, GIT_REF_MAX)),
            message: filled(&self.message)
                .map(|message| checks.lines("new[message]", message, MESSAGE_MAX)),
            url: filled(&self.url).and_then(|url| checks.parsed("new[url]", web_address(url))),
        };
        checks.done()?;
        Ok(text)
    }
}

/// What is to be changed about a deployment; what isn't named stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DeploymentChange {
    #[serde(default)]
    pub status: Option<DeploymentStatus>,
    #[serde(default)]
    pub message: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
}

impl DeploymentChange {
    /// With a text for each that it changes; an empty one takes it away.
    ///
    /// # Errors
    /// `Invalid` with all that is wrong with it.
    pub fn check(&self) -> Result<Self, AppError> {
        let checked = NewDeployment {
            message: self.message.clone().unwrap_or_default(),
            url: self.url.clone().unwrap_or_default(),
            ..NewDeployment::default()
        }
        .check()?;
        Ok(Self {
            status: self.status,
            message: self
                .message
                .as_ref()
                .map(|_| checked.message.unwrap_or_default()),
            url: self.url.as_ref().map(|_| checked.url.unwrap_or_default()),
        })
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn commit_sha(text: &str) -> Result<String, Problem> {
    let is_hash = COMMIT_SHA.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_hexdigit());
    if is_hash {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(Problem::NotACommit)
    }
}

impl DeploymentText {
    /// All that a search looks into.
    #[must_use]
    pub fn search_text(&self) -> String {
        let parts = [&self.git_ref, &self.commit_sha, &self.message];
        let text: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
        let folded = text.join("\n").to_lowercase();
        folded
            .chars()
            .take(GIT_REF_MAX + SEARCH_MAX + MESSAGE_MAX)
            .collect()
    }
}

/// A deployment in a list or on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = Deployment))]
pub struct DeploymentCard {
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "dpl_01h455vb4pex5vsknk084sn02q"))]
    pub id: DeploymentId,
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "prj_01h455vb4pex5vsknk084sn02q"))]
    pub project_id: ProjectId,
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "env_01h455vb4pex5vsknk084sn02q"))]
    pub environment_id: EnvironmentId,
    /// What the environment is called.
    #[cfg_attr(feature = "ssr", schema(example = "production"))]
    pub environment: String,
    pub status: DeploymentStatus,
    #[cfg_attr(
        feature = "ssr",
        schema(example = "9fceb02d0ae598e95dc970b74767f19372d61af8")
    )]
    pub commit_sha: Option<String>,
    #[cfg_attr(feature = "ssr", schema(example = "main"))]
    pub git_ref: Option<String>,
    pub message: Option<String>,
    #[cfg_attr(feature = "ssr", schema(example = "https://shop.example.com"))]
    pub url: Option<String>,
    pub created_by: CreatedBy,
    pub artifact: Option<ArtifactCard>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// When it was first building.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was ready, had failed or was canceled.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Who made a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CreatedBy {
    /// `user` or `api_key`.
    #[serde(rename = "type")]
    pub kind: String,
    #[cfg_attr(feature = "ssr", schema(example = "key_01h455vb4pex5vsknk084sn02q"))]
    pub id: String,
    /// As they were called then.
    #[cfg_attr(feature = "ssr", schema(example = "GitHub Actions"))]
    pub name: String,
}

/// What is asked of the list, as it stands in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentQuery {
    /// What to look for in branch, commit and message.
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub environment: Option<EnvironmentId>,
    #[serde(default)]
    pub status: Option<DeploymentStatus>,
    #[serde(default)]
    pub place: Place<DeploymentId>,
}

impl DeploymentQuery {
    /// Whether it looks for some of them only.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !search_key(&self.q).is_empty() || self.environment.is_some() || self.status.is_some()
    }
}

/// A page of the list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentPage {
    pub rows: Vec<DeploymentCard>,
    /// Pages after it, if there are older ones.
    pub older: Option<DeploymentId>,
    /// Pages before it, if there are newer ones.
    pub newer: Option<DeploymentId>,
    /// When it was read.
    pub now: DateTime<Utc>,
}

impl DeploymentStatus {
    /// How a badge of it looks.
    #[must_use]
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Queued => "badge",
            Self::Building => "badge info",
            Self::Ready => "badge success",
            Self::Failed => "badge danger",
            Self::Canceled => "badge warning",
        }
    }
}

/// How many moves are told: those of the deployments that moved last.
pub const MOVES_TOLD: usize = 20;

/// That a deployment has moved, as the stream tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub id: DeploymentId,
    pub project: ProjectId,
    pub status: DeploymentStatus,
    /// What that is called for people, and how a badge of it looks.
    pub label: String,
    pub badge: String,
    /// When, in microseconds of Unix time.
    pub at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_named_by_its_hash() {
        assert_eq!(commit_sha("9FCEB02"), Ok("9fceb02".to_owned()));
        for bad in ["9fc", "main", "9fceb02g", &"a".repeat(65)] {
            assert_eq!(commit_sha(bad), Err(Problem::NotACommit), "{bad}");
        }
    }
}
