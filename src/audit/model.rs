//! The events that the audit log knows. Every change of an organization is
//! one of them, and a change can't be committed without it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::id::{OrgId, ProjectId, UserId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    OrganizationCreated {
        organization: OrgId,
        name: String,
        slug: String,
    },
    OrganizationRenamed {
        organization: OrgId,
        before: String,
        after: String,
    },
    OrganizationSlugChanged {
        organization: OrgId,
        before: String,
        after: String,
    },
    OrganizationImageChanged {
        organization: OrgId,
        before: Option<String>,
        after: Option<String>,
    },
    OrganizationChecklistDismissed {
        organization: OrgId,
    },
    OrganizationDeleted {
        organization: OrgId,
        name: String,
        slug: String,
    },
    ProjectCreated {
        project: ProjectId,
        name: String,
    },
    ProjectUpdated {
        project: ProjectId,
        before: ProjectText,
        after: ProjectText,
    },
    ProjectDeleted {
        project: ProjectId,
        name: String,
    },
    MemberLeft {
        user: UserId,
    },
    SessionSignedIn {
        user: UserId,
    },
}

/// What people can change about a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectText {
    pub name: String,
    pub description: String,
}

impl Event {
    /// The action of the one event that changes nothing.
    pub const SIGNED_IN: &'static str = "session.signed_in";

    /// The action's stable name.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::OrganizationCreated { .. } => "organization.created",
            Self::OrganizationRenamed { .. } => "organization.renamed",
            Self::OrganizationSlugChanged { .. } => "organization.slug_changed",
            Self::OrganizationImageChanged { .. } => "organization.image_changed",
            Self::OrganizationChecklistDismissed { .. } => "organization.checklist_dismissed",
            Self::OrganizationDeleted { .. } => "organization.deleted",
            Self::ProjectCreated { .. } => "project.created",
            Self::ProjectUpdated { .. } => "project.updated",
            Self::ProjectDeleted { .. } => "project.deleted",
            Self::MemberLeft { .. } => "member.left",
            Self::SessionSignedIn { .. } => Self::SIGNED_IN,
        }
    }

    /// The kind of thing that it happened to.
    #[must_use]
    pub const fn entity_type(&self) -> &'static str {
        match self {
            Self::OrganizationCreated { .. }
            | Self::OrganizationRenamed { .. }
            | Self::OrganizationSlugChanged { .. }
            | Self::OrganizationImageChanged { .. }
            | Self::OrganizationChecklistDismissed { .. }
            | Self::OrganizationDeleted { .. } => "organization",
            Self::ProjectCreated { .. }
            | Self::ProjectUpdated { .. }
            | Self::ProjectDeleted { .. } => "project",
            Self::MemberLeft { .. } => "member",
            Self::SessionSignedIn { .. } => "user",
        }
    }

    #[must_use]
    pub const fn entity_id(&self) -> Option<Uuid> {
        match self {
            Self::OrganizationCreated { organization, .. }
            | Self::OrganizationRenamed { organization, .. }
            | Self::OrganizationSlugChanged { organization, .. }
            | Self::OrganizationImageChanged { organization, .. }
            | Self::OrganizationChecklistDismissed { organization }
            | Self::OrganizationDeleted { organization, .. } => Some(organization.0),
            Self::ProjectCreated { project, .. }
            | Self::ProjectUpdated { project, .. }
            | Self::ProjectDeleted { project, .. } => Some(project.0),
            Self::MemberLeft { user } | Self::SessionSignedIn { user } => Some(user.0),
        }
    }

    /// What else there is to say, with before and after where it changed.
    #[must_use]
    pub fn metadata(&self) -> Value {
        match self {
            Self::OrganizationCreated { name, slug, .. }
            | Self::OrganizationDeleted { name, slug, .. } => {
                json!({ "name": name, "slug": slug })
            }
            Self::OrganizationRenamed { before, after, .. } => {
                json!({ "before": { "name": before }, "after": { "name": after } })
            }
            Self::OrganizationSlugChanged { before, after, .. } => {
                json!({ "before": { "slug": before }, "after": { "slug": after } })
            }
            Self::OrganizationImageChanged { before, after, .. } => {
                json!({ "before": { "image": before }, "after": { "image": after } })
            }
            Self::ProjectCreated { name, .. } | Self::ProjectDeleted { name, .. } => {
                json!({ "name": name })
            }
            Self::ProjectUpdated { before, after, .. } => {
                json!({ "before": before, "after": after })
            }
            Self::OrganizationChecklistDismissed { .. }
            | Self::MemberLeft { .. }
            | Self::SessionSignedIn { .. } => json!({}),
        }
    }
}
