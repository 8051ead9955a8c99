//! What a key of the public API may be used for. A key does no more than that,
//! and no more than whoever made it may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Capability;

/// A part of what the API offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Reading all that whoever made the key may see.
    Read,
    /// Creating, changing and deleting projects and environments.
    Write,
    /// Reporting deployments, and storing their artifacts.
    Deploy,
}

impl KeyScope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Deploy];

    /// The scope's stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Deploy => "deploy",
        }
    }

    /// What a key with it may do, in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Read => "See projects, deployments, members and usage",
            Self::Write => "Create, change and delete projects and environments",
            Self::Deploy => "Report deployments and store their artifacts",
        }
    }
}

impl Capability {
    /// The scope that a key needs for it; none for what keys can't do at all.
    #[must_use]
    pub const fn key_scope(self) -> Option<KeyScope> {
        match self {
            Self::ViewOrganization
            | Self::ViewMembers
            | Self::ViewUsage
            | Self::ViewProjects
            | Self::ViewAudit => Some(KeyScope::Read),
            Self::CreateProject
            | Self::UpdateProject
            | Self::DeleteProject
            | Self::ManageEnvironments => Some(KeyScope::Write),
            Self::CreateDeployment => Some(KeyScope::Deploy),
            Self::InviteMember
            | Self::RemoveMember
            | Self::ManageSettings
            | Self::ManageApiKeys
            | Self::UpdateRole
            | Self::ManageBilling
            | Self::TransferOrganization
            | Self::DeleteOrganization => None,
        }
    }
}

/// The scopes of a key, each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "ssr", sea_orm(value_type = "String"))]
pub struct KeyScopes(Vec<KeyScope>);

impl KeyScopes {
    #[must_use]
    pub fn of(scopes: impl IntoIterator<Item = KeyScope>) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    #[must_use]
    pub fn has(&self, scope: KeyScope) -> bool {
        self.0.contains(&scope)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn list(&self) -> &[KeyScope] {
        &self.0
    }
}

impl fmt::Display for KeyScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|scope| scope.name()).collect();
        f.write_str(&names.join(" "))
    }
}

/// A text that names no scope where one should stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoScope;

impl fmt::Display for NoScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a scope")
    }
}

impl std::error::Error for NoScope {}

impl FromStr for KeyScopes {
    type Err = NoScope;

    fn from_str(text: &str) -> Result<Self, NoScope> {
        let scope = |name| {
            let mut all = KeyScope::ALL.into_iter();
            all.find(|scope| scope.name() == name).ok_or(NoScope)
        };
        let scopes: Result<Vec<_>, _> = text.split_whitespace().map(scope).collect();
        scopes.map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_were_written() {
        let all = KeyScopes::of([KeyScope::Deploy, KeyScope::Read, KeyScope::Deploy]);
        assert_eq!(all.to_string(), "read deploy");
        assert_eq!("read deploy".parse(), Ok(all));
        assert_eq!("read everything".parse::<KeyScopes>(), Err(NoScope));
    }

    #[test]
    fn no_scope_reaches_people_money_or_keys() {
        for capability in Capability::ALL {
            let is_closed = capability.key_scope().is_none();
            let name = capability.name();
            let expected = ["invite", "remove", "role", "manage", "transfer"]
                .iter()
                .any(|word| name.contains(word) && name != "environment:manage")
                || name == "organization:delete";
            assert_eq!(is_closed, expected, "{name}");
        }
    }
}
