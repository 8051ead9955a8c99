//! What one answer leaves for the page after it: a toast, or a form that
//! couldn't be taken, with what was typed.
//!
//! It travels in a cookie that lives for one page and that no script reads. All
//! of it is either a known code, text that its own reader typed, or a key that
//! was made for them; it is shown escaped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AppError;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toast: Option<Toast>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormFlash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretFlash>,
}

/// A key that was made and is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretFlash {
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The path of the only page that shows it.
    pub page: String,
}

impl std::fmt::Debug for SecretFlash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretFlash({})", self.name)
    }
}

/// A form that was sent without a script and couldn't be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFlash {
    /// Where it was sent.
    pub action: String,
    pub error: AppError,
    /// What was typed, secrets excepted.
    pub values: BTreeMap<String, String>,
}

/// Something that was done, told on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Toast {
    AddressConfirmed,
    AddressChanged,
    MailSent,
    PasswordChanged,
    ProfileSaved,
    SessionEnded,
    SignedOut,
    AccountDeleted,
    OrganizationCreated,
    OrganizationSaved,
    OrganizationDeleted,
    SlugChanged,
    ImageSaved,
    ImageRemoved,
    ProjectCreated,
    ProjectSaved,
    ProjectDeleted,
    Invited,
    InvitationRevoked,
    InvitationAccepted,
    RoleChanged,
    MemberRemoved,
    OrganizationLeft,
    OrganizationTransferred,
    ContinuedOnFree,
    PlanChanged,
    SubscriptionEnds,
    SubscriptionKept,
    SubscriptionResumed,
    EnvironmentCreated,
    EnvironmentSaved,
    EnvironmentDeleted,
    DeploymentCreated,
    DeploymentMoved,
    ArtifactStored,
    ArtifactDeleted,
    ApiKeyRevoked,
}

impl Toast {
    /// What is said.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AddressConfirmed => "Address confirmed. Welcome to Atrium.",
            Self::AddressChanged => "E-mail address changed.",
            Self::MailSent => "Mail sent. Open the link in it to confirm the new address.",
            Self::PasswordChanged => "Password changed. All other sessions were signed out.",
            Self::ProfileSaved => "Profile saved.",
            Self::SessionEnded => "Session signed out.",
            Self::SignedOut => "You are signed out.",
            Self::AccountDeleted => "Your account was deleted.",
            Self::OrganizationCreated => "Organization created.",
            Self::OrganizationSaved => "Organization saved.",
            Self::OrganizationDeleted => "Organization deleted.",
            Self::SlugChanged => "Address changed. The old one leads here.",
            Self::ImageSaved => "Image saved.",
            Self::ImageRemoved => "Image removed.",
            Self::ProjectCreated => "Project created.",
            Self::ProjectSaved => "Project saved.",
            Self::ProjectDeleted => "Project deleted.",
            Self::Invited => "Invited. The mail is on its way.",
            Self::InvitationRevoked => "Invitation revoked.",
            Self::InvitationAccepted => "Welcome to the team.",
            Self::RoleChanged => "Role changed.",
            Self::MemberRemoved => "Member removed.",
            Self::OrganizationLeft => "You left the organization.",
            Self::OrganizationTransferred => "Organization transferred. You are an admin now.",
            Self::EnvironmentCreated => "Environment created.",
            Self::EnvironmentSaved => "Environment saved.",
            Self::EnvironmentDeleted => "Environment deleted.",
            Self::DeploymentCreated => "Deployment created.",
            Self::DeploymentMoved => "Deployment saved.",
            Self::ArtifactStored => "Artifact stored.",
            Self::ArtifactDeleted => "Artifact deleted.",
            Self::ApiKeyRevoked => "API key revoked. It can't be used any more.",
            Self::PlanChanged => "Plan changed.",
            Self::SubscriptionEnds => "Canceled. The plan stays until what was paid for is over.",
            Self::SubscriptionKept => "The subscription goes on.",
            Self::SubscriptionResumed => "The subscription goes on.",
            Self::ContinuedOnFree => "The organization goes on with Free.",
        }
    }
}
