//! The capability table: the one place that says which role may do what.
//!
//! Each capability is a type of its own, so that a use-case names the one it
//! needs in its signature, and a case of [`Capability`], so that the browser
//! and the documentation can list them.

use serde::{Deserialize, Serialize};

use super::Role;

/// A capability as a type: what a grant is a grant of.
pub trait Can: Send + Sync + 'static {
    const CAPABILITY: Capability;
    /// Whether it can be used while the organization has lapsed or is suspended.
    const IN_ANY_STANDING: bool = false;
}

/// A capability that can be used however the organization stands: for what
/// leads out of a bad standing.
#[derive(Clone, Copy, Debug)]
pub struct InAnyStanding<C>(std::marker::PhantomData<C>);

impl<C: Can> Can for InAnyStanding<C> {
    const CAPABILITY: Capability = C::CAPABILITY;
    const IN_ANY_STANDING: bool = true;
}

macro_rules! capabilities {
    ($($name:ident $text:literal $label:literal [$($role:ident)*])+) => {
        /// Something that a member of an organization may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Capability {
            $(#[serde(rename = $text)] $name,)+
        }

        impl Capability {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The capability's stable name, as clients see it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// What it is called for people.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }

            /// The roles that hold it.
            #[must_use]
            pub const fn holders(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role),*]),+ }
            }
        }

        $(
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Can for $name {
                const CAPABILITY: Capability = Capability::$name;
            }
        )+
    };
}

capabilities! {
    ViewOrganization     "organization:view"     "See the organization" [Owner Admin Member Viewer]
    ViewMembers          "member:view"           "See the members" [Owner Admin Member Viewer]
    ViewUsage            "usage:view"            "See usage and limits" [Owner Admin Member Viewer]
    ViewProjects         "project:view"          "See projects" [Owner Admin Member Viewer]
    CreateProject        "project:create"        "Create projects" [Owner Admin Member]
    UpdateProject        "project:update"        "Change projects" [Owner Admin Member]
    ManageEnvironments   "environment:manage"    "Manage environments" [Owner Admin Member]
    CreateDeployment     "deployment:create"     "Deploy" [Owner Admin Member]
    InviteMember         "member:invite"         "Invite members" [Owner Admin]
    RemoveMember         "member:remove"         "Remove members" [Owner Admin]
    ManageSettings       "settings:manage"       "Change name, image and address" [Owner Admin]
    ManageApiKeys        "api_keys:manage"       "Manage API keys" [Owner Admin]
    ViewAudit            "audit:view"            "See the activity of all" [Owner Admin]
    DeleteProject        "project:delete"        "Delete projects" [Owner]
    UpdateRole           "member:update_role"    "Change roles" [Owner]
    ManageBilling        "billing:manage"        "Manage plan and billing" [Owner]
    TransferOrganization "organization:transfer" "Transfer the organization" [Owner]
    DeleteOrganization   "organization:delete"   "Delete the organization" [Owner]
}

impl Role {
    /// Whether a member in this role may do that.
    #[must_use]
    pub fn may(self, capability: Capability) -> bool {
        capability.holders().contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_rank_may_do_all_that_a_lower_one_may() {
        for capability in Capability::ALL {
            for pair in Role::ALL.windows(2) {
                let [higher, lower] = pair else {
                    unreachable!()
                };
                assert!(
                    higher.may(*capability) || !lower.may(*capability),
                    "{} holds {} but {} does not",
                    lower.label(),
                    capability.name(),
                    higher.label(),
                );
            }
        }
    }

    #[test]
    fn each_role_holds_as_many_as_the_contract_says() {
        let held = Role::ALL.map(|role| Capability::ALL.iter().filter(|c| role.may(**c)).count());
        assert_eq!(held, [18, 13, 8, 4]);
    }
}
