use serde::{Deserialize, Serialize};

/// The name of an organization in URLs: 3 to 40 of `a-z`, `0-9` and `-`, with
/// no hyphen at an edge and no two in a row.
///
/// Read from a request, a text that can't be a slug becomes one that no
/// organization has, so that it is not found like any other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct OrgSlug(String);

/// Why a text can't be an organization's slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlugProblem {
    TooShort,
    TooLong,
    Malformed,
    Reserved,
}

/// Labels that name a part of the product, of its mail or of its domain.
const RESERVED: &[&str] = &[
    "about",
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "analytics",
    "api",
    "app",
    "apps",
    "assets",
    "atrium",
    "auth",
    "billing",
    "blog",
    "cdn",
    "checkout",
    "contact",
    "dashboard",
    "dev",
    "docs",
    "email",
    "help",
    "healthz",
    "hostmaster",
    "imap",
    "info",
    "internal",
    "invitations",
    "invite",
    "legal",
    "live",
    "localhost",
    "login",
    "logout",
    "mail",
    "media",
    "metrics",
    "new",
    "news",
    "noreply",
    "oauth",
    "org",
    "organization",
    "organizations",
    "pkg",
    "pop",
    "postmaster",
    "pricing",
    "privacy",
    "public",
    "readyz",
    "root",
    "security",
    "settings",
    "signin",
    "signout",
    "signup",
    "smtp",
    "sso",
    "static",
    "stats",
    "status",
    "store",
    "stripe",
    "support",
    "system",
    "terms",
    "user",
    "users",
    "webhook",
    "webhooks",
    "webmaster",
    "www",
];

impl OrgSlug {
    pub const MIN_LENGTH: usize = 3;
    pub const MAX_LENGTH: usize = 40;

    /// # Errors
    /// What is wrong with the text as the slug of an organization.
    pub fn parse(text: &str) -> Result<Self, SlugProblem> {
        let well_formed = text
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        match text.len() {
            _ if !well_formed => Err(SlugProblem::Malformed),
            ..Self::MIN_LENGTH => Err(SlugProblem::TooShort),
            _ if text.len() > Self::MAX_LENGTH => Err(SlugProblem::TooLong),
            _ if Self::is_reserved(text) => Err(SlugProblem::Reserved),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// Whether a label names a part of the product and never a tenant.
    #[must_use]
    pub fn is_reserved(label: &str) -> bool {
        RESERVED.contains(&label)
    }

    /// What a name suggests as a slug; may be too short to be one.
    #[must_use]
    pub fn suggest(name: &str) -> String {
        let mut slug = String::new();
        for c in name.to_lowercase().chars().map(plain) {
            match c {
                'a'..='z' | '0'..='9' => slug.push(c),
                _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
                _ => {}
            }
        }
        slug.truncate(Self::MAX_LENGTH);
        slug.trim_end_matches('-').to_owned()
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(feature = "ssr")]
impl sea_orm::TryFromU64 for OrgSlug {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("OrgSlug"))
    }
}

/// The letter without its accent, for the accents of Western Europe.
fn plain(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ß' => 's',
        other => other,
    }
}

impl From<String> for OrgSlug {
    fn from(text: String) -> Self {
        Self::parse(&text).unwrap_or(Self(String::new()))
    }
}

impl From<OrgSlug> for String {
    fn from(slug: OrgSlug) -> Self {
        slug.0
    }
}

impl std::fmt::Display for OrgSlug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_short_plain_and_free() {
        assert!(OrgSlug::parse("acme").is_ok());
        assert!(OrgSlug::parse("a-1").is_ok());
        assert!(OrgSlug::parse(&"a".repeat(40)).is_ok());
        for (text, problem) in [
            ("ab", SlugProblem::TooShort),
            ("", SlugProblem::TooShort),
            ("Acme", SlugProblem::Malformed),
            ("-acme", SlugProblem::Malformed),
            ("acme-", SlugProblem::Malformed),
            ("ac--me", SlugProblem::Malformed),
            ("acme.io", SlugProblem::Malformed),
            ("app", SlugProblem::Reserved),
            ("www", SlugProblem::Reserved),
        ] {
            assert_eq!(OrgSlug::parse(text), Err(problem), "{text:?}");
        }
        assert_eq!(OrgSlug::parse(&"a".repeat(41)), Err(SlugProblem::TooLong));
    }

    #[test]
    fn a_name_suggests_a_slug() {
        for (name, slug) in [
            ("Acme, Inc.", "acme-inc"),
            ("  Ærlig & Søn ", "rlig-son"),
            ("Café Zürich", "cafe-zurich"),
            ("!!!", ""),
        ] {
            assert_eq!(OrgSlug::suggest(name), slug, "{name:?}");
        }
    }

    #[test]
    fn a_text_that_cannot_be_a_slug_names_no_organization() {
        assert_eq!(OrgSlug::from("../etc\0".to_owned()).as_str(), "");
    }
}
