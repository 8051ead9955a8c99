//! The events that the audit log knows. Every change of an organization is
//! one of them, and a change can't be committed without it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access::{KeyScopes, Role},
    billing::Plan,
    id::{ApiKeyId, DeploymentId, Email, EnvironmentId, InvitationId, OrgId, ProjectId, UserId},
};

mod actions;
mod entry;
mod snapshots;

pub use entry::{
    Activity, AuditEntry, AuditPage, AuditQuery, KINDS, Person, Preview, actor_text, day_after,
    entity_text,
};
pub use snapshots::{
    ArtifactSnapshot, BillingSnapshot, DeploymentSnapshot, MemberSnapshot, ProjectText,
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
    /// Somebody went to pay for a plan.
    CheckoutStarted {
        organization: OrgId,
        plan: Plan,
    },
    PlanChangeRequested {
        organization: OrgId,
        before: Plan,
        after: Plan,
    },
    /// The subscription is to end with what was paid for.
    CancellationRequested {
        organization: OrgId,
    },
    CancellationWithdrawn {
        organization: OrgId,
    },
    /// A subscription that was paused is to go on.
    ResumptionRequested {
        organization: OrgId,
    },
    SubscriptionStarted {
        organization: OrgId,
        before: BillingSnapshot,
        after: BillingSnapshot,
    },
    SubscriptionUpdated {
        organization: OrgId,
        before: BillingSnapshot,
        after: BillingSnapshot,
    },
    PaymentFailed {
        organization: OrgId,
        before: BillingSnapshot,
        after: BillingSnapshot,
    },
    PaymentRecovered {
        organization: OrgId,
        before: BillingSnapshot,
        after: BillingSnapshot,
    },
    SubscriptionEnded {
        organization: OrgId,
        before: BillingSnapshot,
        after: BillingSnapshot,
    },
    /// It was paid for beside another.
    SecondSubscriptionGivenBack {
        organization: OrgId,
        subscription: String,
    },
    BillingCustomerDeleted {
        organization: OrgId,
        customer: String,
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
    EnvironmentCreated {
        environment: EnvironmentId,
        project: ProjectId,
        name: String,
    },
    EnvironmentRenamed {
        environment: EnvironmentId,
        before: String,
        after: String,
    },
    /// With all that was deployed to it.
    EnvironmentDeleted {
        environment: EnvironmentId,
        project: ProjectId,
        name: String,
    },
    DeploymentCreated {
        deployment: DeploymentId,
        project: ProjectId,
        environment: String,
        commit: Option<String>,
    },
    DeploymentUpdated {
        deployment: DeploymentId,
        before: DeploymentSnapshot,
        after: DeploymentSnapshot,
    },
    ArtifactStored {
        deployment: DeploymentId,
        artifact: ArtifactSnapshot,
        /// The one whose place it took.
        replaced: Option<ArtifactSnapshot>,
    },
    ArtifactDeleted {
        deployment: DeploymentId,
        artifact: ArtifactSnapshot,
    },
    ApiKeyCreated {
        key: ApiKeyId,
        name: String,
        scopes: KeyScopes,
        expires_at: Option<DateTime<Utc>>,
    },
    /// Another key took its place, and it goes on for a while.
    ApiKeyRotated {
        key: ApiKeyId,
        name: String,
        successor: ApiKeyId,
        /// When the one that was replaced ends.
        expires_at: DateTime<Utc>,
    },
    ApiKeyRevoked {
        key: ApiKeyId,
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

impl Event {
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
            | Self::CheckoutStarted { organization, .. }
            | Self::PlanChangeRequested { organization, .. }
            | Self::CancellationRequested { organization }
            | Self::CancellationWithdrawn { organization }
            | Self::ResumptionRequested { organization }
            | Self::SubscriptionStarted { organization, .. }
            | Self::SubscriptionUpdated { organization, .. }
            | Self::PaymentFailed { organization, .. }
            | Self::PaymentRecovered { organization, .. }
            | Self::SubscriptionEnded { organization, .. }
            | Self::SecondSubscriptionGivenBack { organization, .. }
            | Self::BillingCustomerDeleted { organization, .. }
            | Self::OrganizationDeleted { organization, .. } => Some(organization.0),
            Self::ProjectCreated { project, .. }
            | Self::ProjectUpdated { project, .. }
            | Self::ProjectDeleted { project, .. } => Some(project.0),
            Self::EnvironmentCreated { environment, .. }
            | Self::EnvironmentRenamed { environment, .. }
            | Self::EnvironmentDeleted { environment, .. } => Some(environment.0),
            Self::DeploymentCreated { deployment, .. }
            | Self::DeploymentUpdated { deployment, .. }
            | Self::ArtifactStored { deployment, .. }
            | Self::ArtifactDeleted { deployment, .. } => Some(deployment.0),
            Self::ApiKeyCreated { key, .. }
            | Self::ApiKeyRotated { key, .. }
            | Self::ApiKeyRevoked { key, .. } => Some(key.0),
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
            Self::CheckoutStarted { plan, .. } => json!({ "name": plan.label(), "plan": plan }),
            Self::PlanChangeRequested { before, after, .. } => json!({
                "name": after.label(), "before": { "plan": before }, "after": { "plan": after },
            }),
            Self::SubscriptionStarted { before, after, .. }
            | Self::SubscriptionUpdated { before, after, .. }
            | Self::PaymentFailed { before, after, .. }
            | Self::PaymentRecovered { before, after, .. }
            | Self::SubscriptionEnded { before, after, .. } => {
                json!({ "name": after.plan.label(), "before": before, "after": after })
            }
            Self::SecondSubscriptionGivenBack { subscription, .. } => {
                json!({ "subscription": subscription })
            }
            Self::BillingCustomerDeleted { customer, .. } => json!({ "customer": customer }),
            Self::ProjectCreated { name, .. } | Self::ProjectDeleted { name, .. } => {
                json!({ "name": name })
            }
            Self::EnvironmentCreated { project, name, .. }
            | Self::EnvironmentDeleted { project, name, .. } => {
                json!({ "name": name, "project": project })
            }
            Self::EnvironmentRenamed { before, after, .. } => {
                json!({ "before": { "name": before }, "after": { "name": after } })
            }
            Self::DeploymentCreated {
                project,
                environment,
                commit,
                ..
            } => json!({ "name": environment, "project": project, "commit": commit }),
            Self::DeploymentUpdated { before, after, .. } => {
                json!({ "name": after.status, "before": before, "after": after })
            }
            Self::ArtifactStored {
                artifact, replaced, ..
            } => json!({
                "name": artifact.name, "bytes": artifact.bytes, "replaced": replaced,
            }),
            Self::ArtifactDeleted { artifact, .. } => {
                json!({ "name": artifact.name, "bytes": artifact.bytes })
            }
            Self::ApiKeyCreated {
                name,
                scopes,
                expires_at,
                ..
            } => json!({ "name": name, "scopes": scopes, "expires_at": expires_at }),
            Self::ApiKeyRotated {
                name,
                successor,
                expires_at,
                ..
            } => json!({ "name": name, "successor": successor, "expires_at": expires_at }),
            Self::ApiKeyRevoked { name, .. } => json!({ "name": name }),
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
            | Self::CancellationRequested { .. }
            | Self::CancellationWithdrawn { .. }
            | Self::ResumptionRequested { .. }
            | Self::SessionSignedIn { .. } => json!({}),
        }
    }
}
