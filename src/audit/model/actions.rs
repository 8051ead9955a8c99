//! What each event is called.

use super::Event;

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

            /// The actions on what every member may see.
            pub fn seen_by_all() -> impl Iterator<Item = &'static str> {
                const SEEN: [&str; 3] = ["project.", "environment.", "deployment."];
                const TEAM: [&str; 3] = ["member.accepted_invite", "member.left", "member.removed"];
                let is_seen = |action: &&str| {
                    SEEN.iter().any(|kind| action.starts_with(kind)) || TEAM.contains(action)
                };
                Self::ACTIONS.iter().copied().filter(is_seen)
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
    CheckoutStarted                "billing.checkout_started"         "organization"
        "went to pay for the plan"
    PlanChangeRequested            "billing.plan_change_requested"    "organization"
        "asked to change the plan to"
    CancellationRequested          "billing.cancellation_requested"   "organization"
        "asked to cancel the subscription"
    CancellationWithdrawn          "billing.cancellation_withdrawn"   "organization"
        "asked to keep the subscription"
    ResumptionRequested            "billing.resumption_requested"     "organization"
        "asked to resume the subscription"
    SubscriptionStarted            "billing.subscription_started"     "organization"
        "began the subscription to"
    SubscriptionUpdated            "billing.subscription_updated"     "organization"
        "updated the subscription to"
    PaymentFailed                  "billing.payment_failed"           "organization"
        "couldn't collect the payment for"
    PaymentRecovered               "billing.payment_recovered"        "organization"
        "collected the payment for"
    SubscriptionEnded              "billing.subscription_ended"       "organization"
        "ended the subscription; the plan is"
    SecondSubscriptionGivenBack    "billing.second_subscription_given_back" "organization"
        "was paid twice, and gives the second payment back"
    BillingCustomerDeleted         "billing.customer_deleted"         "organization"
        "deleted the customer"
    ProjectCreated                 "project.created"                  "project"
        "created the project"
    ProjectUpdated                 "project.updated"                  "project"
        "changed the project"
    ProjectDeleted                 "project.deleted"                  "project"
        "deleted the project"
    EnvironmentCreated             "environment.created"              "environment"
        "created the environment"
    EnvironmentRenamed             "environment.updated"              "environment"
        "renamed the environment to"
    EnvironmentDeleted             "environment.deleted"              "environment"
        "deleted the environment"
    DeploymentCreated              "deployment.created"               "deployment"
        "deployed to"
    DeploymentUpdated              "deployment.updated"               "deployment"
        "updated the deployment, which is"
    ArtifactStored                 "deployment.artifact_stored"       "deployment"
        "stored the artifact"
    ArtifactDeleted                "deployment.artifact_deleted"      "deployment"
        "deleted the artifact"
    ApiKeyCreated                  "api_key.created"                  "api_key"
        "created the API key"
    ApiKeyRotated                  "api_key.rotated"                  "api_key"
        "rotated the API key"
    ApiKeyRevoked                  "api_key.revoked"                  "api_key"
        "revoked the API key"
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
