//! Ids, slugs and e-mail addresses: parsed once, at the edge.
//!
//! An id is a UUID v7 in the database and a prefixed TypeID in text
//! (`prj_01h455vb4pex5vsknk084sn02q`), so that a project's id can neither be
//! passed nor pasted for a user's.

mod base32;
mod email;
mod slug;

pub use email::Email;
pub use slug::{OrgSlug, SlugProblem};

/// Why a text is no id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// What the text of every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, which sorts after all that were made before it.
            #[cfg(feature = "ssr")]
            #[must_use]
            pub fn generate() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        #[cfg(feature = "ssr")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}_{}", $prefix, base32::encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or(NotAnId)?;
                base32::decode(digits).map(Self).ok_or(NotAnId)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

typed_ids! {
    /// An organization, which is a tenant.
    OrgId = "org";
    /// A person with an account.
    UserId = "usr";
    /// An invitation into an organization.
    InvitationId = "inv";
    /// A project of an organization.
    ProjectId = "prj";
    /// An environment of a project.
    EnvironmentId = "env";
    /// A deployment to an environment.
    DeploymentId = "dpl";
    /// A key of the public API.
    ApiKeyId = "key";
    /// A row of the audit log.
    AuditId = "aud";
    /// A person's session, as its owner may name it; not what the cookie holds.
    SessionId = "ses";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = ProjectId(uuid::uuid!("01890a5d-ac96-774b-bcce-b302099a8057"));
        assert_eq!(id.to_string(), "prj_01h455vb4pex5vsknk084sn02q");
        assert_eq!("prj_01h455vb4pex5vsknk084sn02q".parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        for text in [
            "org_01h455vb4pex5vsknk084sn02q",
            "01h455vb4pex5vsknk084sn02q",
            "prj_81h455vb4pex5vsknk084sn02q",
            "prj_01h455vb4pex5vsknk084sn02",
            "prj_01h455vb4pex5vsknk084sn02u",
            "prj_",
            "",
        ] {
            assert_eq!(text.parse::<ProjectId>(), Err(NotAnId), "{text}");
        }
    }
}
