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
    ($($name:ident $text:literal [$($role:ident)*])+) => {
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
    ViewOrganization     "organization:view"     [Owner Admin Member Viewer]
    ViewMembers          "member:view"           [Owner Admin Member Viewer]
    ViewUsage            "usage:view"            [Owner Admin Member Viewer]
    ViewProjects         "project:view"          [Owner Admin Member Viewer]
    CreateProject        "project:create"        [Owner Admin Member]
    UpdateProject        "project:update"        [Owner Admin Member]
    ManageEnvironments   "environment:manage"    [Owner Admin Member]
    CreateDeployment     "deployment:create"     [Owner Admin Member]
    InviteMember         "member:invite"         [Owner Admin]
    RemoveMember         "member:remove"         [Owner Admin]
    ManageSettings       "settings:manage"       [Owner Admin]
    ManageApiKeys        "api_keys:manage"       [Owner Admin]
    ViewAudit            "audit:view"            [Owner Admin]
    DeleteProject        "project:delete"        [Owner]
    UpdateRole           "member:update_role"    [Owner]
    ManageBilling        "billing:manage"        [Owner]
    TransferOrganization "organization:transfer" [Owner]
    DeleteOrganization   "organization:delete"   [Owner]
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
