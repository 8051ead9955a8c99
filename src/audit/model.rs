//! The events that the audit log knows. Every change of an organization is
//! one of them, and a change can't be committed without it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access::Role,
    id::{Email, InvitationId, OrgId, ProjectId, UserId},
};

mod entry;

pub use entry::{
    Activity, AuditEntry, AuditPage, AuditQuery, KINDS, Person, Preview, day_after, entity_text,
};

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
    /// One owner made another member an owner, and stays as an admin.
    OrganizationTransferred {
        organization: OrgId,
        from: MemberSnapshot,
        to: MemberSnapshot,
    },
    OrganizationDeleted {
        organization: OrgId,
        name: String,
        slug: String,
    },
    /// The subscription ended, and an owner chose to go on without one.
    ContinuedOnFree {
        organization: OrgId,
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
    MemberInvited {
        invitation: InvitationId,
        email: Email,
        role: Role,
    },
    InvitationResent {
        invitation: InvitationId,
        email: Email,
        before: Role,
        after: Role,
    },
    InvitationRevoked {
        invitation: InvitationId,
        email: Email,
        role: Role,
    },
    InvitationAccepted {
        invitation: InvitationId,
        member: MemberSnapshot,
    },
    RoleChanged {
        /// As the member was before.
        member: MemberSnapshot,
        after: Role,
    },
    MemberRemoved {
        member: MemberSnapshot,
    },
    MemberLeft {
        member: MemberSnapshot,
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

/// A member as they were when it happened; they may be gone since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSnapshot {
    pub user: UserId,
    pub name: String,
    pub email: Email,
    pub role: Role,
}

/// The stable name of each event's action, the kind of thing that it happens to,
/// and what is said of whoever did it, before what it happened to.
macro_rules! actions {
    ($($event:ident $action:literal $entity:literal $words:literal)+) => {
        impl Event {
            /// All actions there are.
            pub const ACTIONS: &[&str] = &[$($action),+];

            /// The action's stable name.
            #[must_use]
            pub const fn action(&self) -> &'static str {
                match self { $(Self::$event { .. } => $action),+ }
            }

            /// What is said of whoever did something, by its name; what it
            /// happened to comes after it.
            #[must_use]
            pub fn words(action: &str) -> &str {
                match action { $($action => $words,)+ other => other }
            }

            /// The kind of thing that it happened to.
            #[must_use]
            pub const fn entity_type(&self) -> &'static str {
                match self { $(Self::$event { .. } => $entity),+ }
            }
        }
    };
}

actions! {
    OrganizationCreated            "organization.created"             "organization"
        "founded"
    OrganizationRenamed            "organization.renamed"             "organization"
        "renamed the organization to"
    OrganizationSlugChanged        "organization.slug_changed"        "organization"
        "changed the address to"
    OrganizationImageChanged       "organization.image_changed"       "organization"
        "changed the image"
    OrganizationChecklistDismissed "organization.checklist_dismissed" "organization"
        "put the first steps away"
    OrganizationTransferred        "organization.transferred"         "organization"
        "transferred the organization to"
    OrganizationDeleted            "organization.deleted"             "organization"
        "deleted the organization"
    ContinuedOnFree                "billing.continued_on_free"        "organization"
        "went on with Free"
    ProjectCreated                 "project.created"                  "project"
        "created the project"
    ProjectUpdated                 "project.updated"                  "project"
        "changed the project"
    ProjectDeleted                 "project.deleted"                  "project"
        "deleted the project"
    MemberInvited                  "member.invited"                   "invitation"
        "invited"
    InvitationResent               "invitation.resent"                "invitation"
        "invited again"
    InvitationRevoked              "invitation.revoked"               "invitation"
        "revoked the invitation of"
    InvitationAccepted             "member.accepted_invite"           "member"
        "joined the team"
    RoleChanged                    "member.role_changed"              "member"
        "changed the role of"
    MemberRemoved                  "member.removed"                   "member"
        "removed"
    MemberLeft                     "member.left"                      "member"
        "left the team"
    SessionSignedIn                "session.signed_in"                "user"
        "signed in"
}

impl Event {
    /// The action of the one event that changes nothing.
    pub const SIGNED_IN: &'static str = "session.signed_in";

    #[must_use]
    pub const fn entity_id(&self) -> Option<Uuid> {
        match self {
            Self::OrganizationCreated { organization, .. }
            | Self::OrganizationRenamed { organization, .. }
            | Self::OrganizationSlugChanged { organization, .. }
            | Self::OrganizationImageChanged { organization, .. }
            | Self::OrganizationChecklistDismissed { organization }
            | Self::OrganizationTransferred { organization, .. }
            | Self::ContinuedOnFree { organization }
            | Self::OrganizationDeleted { organization, .. } => Some(organization.0),
            Self::ProjectCreated { project, .. }
            | Self::ProjectUpdated { project, .. }
            | Self::ProjectDeleted { project, .. } => Some(project.0),
            Self::MemberInvited { invitation, .. }
            | Self::InvitationResent { invitation, .. }
            | Self::InvitationRevoked { invitation, .. } => Some(invitation.0),
            Self::InvitationAccepted { member, .. }
            | Self::RoleChanged { member, .. }
            | Self::MemberRemoved { member }
            | Self::MemberLeft { member } => Some(member.user.0),
            Self::SessionSignedIn { user } => Some(user.0),
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
            Self::OrganizationTransferred { from, to, .. } => {
                json!({ "before": { "owner": from }, "after": { "owner": to } })
            }
            Self::ProjectCreated { name, .. } | Self::ProjectDeleted { name, .. } => {
                json!({ "name": name })
            }
            Self::ProjectUpdated { before, after, .. } => {
                json!({ "before": before, "after": after })
            }
            Self::MemberInvited { email, role, .. }
            | Self::InvitationRevoked { email, role, .. } => {
                json!({ "email": email, "role": role })
            }
            Self::InvitationResent {
                email,
                before,
                after,
                ..
            } => json!({
                "email": email, "before": { "role": before }, "after": { "role": after },
            }),
            Self::InvitationAccepted { invitation, member } => json!({
                "name": member.name, "email": member.email, "role": member.role,
                "invitation": invitation,
            }),
            Self::RoleChanged { member, after } => json!({
                "name": member.name, "email": member.email,
                "before": { "role": member.role }, "after": { "role": after },
            }),
            Self::MemberRemoved { member } | Self::MemberLeft { member } => member.told(),
            Self::OrganizationChecklistDismissed { .. }
            | Self::ContinuedOnFree { .. }
            | Self::SessionSignedIn { .. } => json!({}),
        }
    }
}

impl MemberSnapshot {
    fn told(&self) -> Value {
        json!({ "name": self.name, "email": self.email, "role": self.role })
    }
}
