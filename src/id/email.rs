use serde::{Deserialize, Serialize};

/// An e-mail address as it is stored and compared: trimmed and in lower case.
///
/// Its shape is checked only as far as a mail server would refuse it for sure;
/// whether it exists is shown by the mail that is answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct Email(String);

/// Why a text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnEmail;

impl std::fmt::Display for NotAnEmail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not an e-mail address")
    }
}

impl std::error::Error for NotAnEmail {}

impl Email {
    /// The longest address that SMTP can deliver to, in bytes (RFC 5321).
    pub const MAX_LENGTH: usize = 254;

    /// # Errors
    /// `NotAnEmail` unless there is one `@` with a sane name before it and a
    /// domain with a dot after it.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let address = text.trim().to_lowercase();
        let (name, domain) = address.split_once('@').ok_or(NotAnEmail)?;
        let sane = address.len() <= Self::MAX_LENGTH
            && (1..=64).contains(&name.len())
            && name.chars().all(in_local_part)
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..")
            && domain.contains('.')
            && domain.split('.').all(is_label);
        sane.then_some(Self(address)).ok_or(NotAnEmail)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn in_local_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_normalised() {
        let email = Email::parse("  Ada.Lovelace+x@Example.COM ");
        assert_eq!(
            email.map(String::from),
            Ok("ada.lovelace+x@example.com".to_owned())
        );
    }

    #[test]
    fn what_no_server_would_take_is_refused() {
        for text in [
            "",
            "ada",
            "@b.co",
            "a@",
            "a@b",
            "a b@c.co",
            "a@b@c.co",
            "a@b..co",
            ".a@b.co",
            "a.@b.co",
            "a..a@b.co",
            "a@-b.co",
            "a\r\nBcc: x@b.co",
            "a\0@b.co",
            "<a@b.co>",
        ] {
            assert_eq!(Email::parse(text), Err(NotAnEmail), "{text:?}");
        }
        assert_eq!(
            Email::parse(&format!("{}@b.co", "a".repeat(65))),
            Err(NotAnEmail)
        );
    }
}
