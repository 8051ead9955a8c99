//! What people type about a team, and what they are shown of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    error::{AppError, Problem},
    id::{Email, InvitationId, OrgSlug, UserId},
    organizations::model::Usage,
};

/// For how long an invitation can be accepted.
pub const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(7);
/// How many can be invited at once.
pub const MOST_AT_ONCE: usize = 20;

/// A team as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Owners first, then by name.
    pub members: Vec<MemberRow>,
    /// Those that wait for an answer, for whoever may invite; nothing for others.
    pub invitations: Vec<InvitationRow>,
    /// Members, and invitations that can still be accepted.
    pub seats: Usage,
    /// When it was read.
    pub now: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub user: UserId,
    pub name: String,
    pub email: Email,
    pub role: Role,
    pub joined_at: DateTime<Utc>,
    /// Whoever looks.
    pub is_me: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub email: Email,
    pub role: Role,
    /// The name of whoever invited, if they still have an account.
    pub invited_by: Option<String>,
    /// Whether it can't be accepted, because whoever invited may not any more.
    pub is_void: bool,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Invitations as they were typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewInvitations {
    /// Addresses, in any order and with whatever between them.
    #[serde(default)]
    pub emails: String,
    pub role: Role,
}

impl NewInvitations {
    /// The addresses, each once.
    ///
    /// # Errors
    /// `Invalid` if there is none, or too many, or one is no address.
    pub fn check(&self) -> Result<Vec<Email>, AppError> {
        let invalid = |problem| Err(AppError::invalid("new[emails]", problem));
        let mut emails = Vec::new();
        let words = self
            .emails
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'));
        for word in words.filter(|word| !word.is_empty()) {
            match Email::parse(word) {
                Ok(email) if !emails.contains(&email) => emails.push(email),
                Ok(_) => {}
                Err(_) => {
                    let word = word.chars().take(Email::MAX_LENGTH).collect();
                    return invalid(Problem::NotAnEmailAmong(word));
                }
            }
        }
        // Two who invite the same people at once then do so in the same order.
        emails.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        match emails.len() {
            0 => invalid(Problem::Missing),
            1..=MOST_AT_ONCE => Ok(emails),
            _ => invalid(Problem::TooManyAtOnce(MOST_AT_ONCE)),
        }
    }
}

/// An invitation as whoever opens its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    pub organization: String,
    pub inviter: String,
    pub role: Role,
    /// Whom it is for.
    pub email: Email,
    pub state: InvitationState,
}

/// What can be done with an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationState {
    /// It can be accepted.
    Ready,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody else is signed in, with that address.
    WrongAccount(Email),
    /// Whoever is signed in is a member already, there.
    Member(OrgSlug),
    /// Somebody accepted it who is no member any more, or isn't who looks.
    Used,
    Expired,
    Revoked,
    /// All seats of the plan are taken.
    Full,
    /// The organization has lapsed or is suspended.
    Closed,
    /// Whoever invited may not any more.
    Void,
}

impl InvitationState {
    /// Whether it is good for nothing, now and later.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Used | Self::Expired | Self::Revoked | Self::Void
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(emails: &str) -> Result<Vec<String>, AppError> {
        let new = NewInvitations {
            emails: emails.to_owned(),
            role: Role::Member,
        };
        Ok(new.check()?.into_iter().map(String::from).collect())
    }

    #[test]
    fn several_are_invited_at_once_and_each_once() {
        assert_eq!(
            check(" b@x.co, A@x.co;\n<c@x.co>\ta@x.co "),
            Ok(vec!["a@x.co".into(), "b@x.co".into(), "c@x.co".into()])
        );
    }

    #[test]
    fn what_is_no_address_is_named() {
        let invalid = |problem| Err(AppError::invalid("new[emails]", problem));
        assert_eq!(check(" ,; \n"), invalid(Problem::Missing));
        assert_eq!(
            check("a@x.co, bob"),
            invalid(Problem::NotAnEmailAmong("bob".into()))
        );
        let many: Vec<String> = (0..21).map(|place| format!("p{place}@x.co")).collect();
        assert_eq!(check(&many.join(" ")), invalid(Problem::TooManyAtOnce(20)));
        assert_eq!(check(&many[1..].join(" ")).map(|all| all.len()), Ok(20));
    }
}
