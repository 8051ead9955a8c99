use serde::{Deserialize, Serialize};

/// What a member is in an organization, from the highest rank to the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
    sea_orm(
        rs_type = "String",
        db_type = "Text",
        rename_all = "SCREAMING_SNAKE_CASE"
    )
)]
pub enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Viewer];

    /// Whether one in this role may change or remove a member in that one.
    #[must_use]
    pub const fn may_act_on(self, other: Self) -> bool {
        matches!(self, Self::Owner) || self.rank() > other.rank()
    }

    /// Whether one in this role may give somebody that one.
    #[must_use]
    pub const fn may_grant(self, other: Self) -> bool {
        self.rank() >= other.rank()
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Owner => 3,
            Self::Admin => 2,
            Self::Member => 1,
            Self::Viewer => 0,
        }
    }

    /// The role's stable name, as it is stored and sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "OWNER",
            Self::Admin => "ADMIN",
            Self::Member => "MEMBER",
            Self::Viewer => "VIEWER",
        }
    }

    /// The role's name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Member => "Member",
            Self::Viewer => "Viewer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Admin, Member, Owner, Viewer};

    #[test]
    fn a_role_is_sent_by_its_name() {
        for role in Role::ALL {
            assert_eq!(serde_json::json!(role), role.name());
        }
    }

    #[test]
    fn nobody_acts_on_their_own_rank_or_above_owners_excepted() {
        let table = [
            (Owner, [true, true, true, true]),
            (Admin, [false, false, true, true]),
            (Member, [false, false, false, true]),
            (Viewer, [false, false, false, false]),
        ];
        for (role, expected) in table {
            assert_eq!(
                Role::ALL.map(|other| role.may_act_on(other)),
                expected,
                "{role:?}"
            );
        }
    }

    #[test]
    fn nobody_grants_a_role_above_their_own() {
        let table = [
            (Owner, [true, true, true, true]),
            (Admin, [false, true, true, true]),
            (Member, [false, false, true, true]),
            (Viewer, [false, false, false, true]),
        ];
        for (role, expected) in table {
            assert_eq!(
                Role::ALL.map(|other| role.may_grant(other)),
                expected,
                "{role:?}"
            );
        }
    }
}
