//! Which tenant the host of a request names, if any.
//!
//! An organization may be reached at a host of its own, `acme.BASE_DOMAIN`.
//! The address then names it twice, and both must agree. A domain that an
//! organization brings along would be one more way to a [`Host::Of`].

use std::str::FromStr;

use http::{HeaderMap, Uri, header::HOST};

use super::config::Config;
use crate::id::OrgSlug;

/// The domain below which organizations have hosts of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseDomain(String);

/// Whose a host is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Host {
    /// No tenant's: whatever the path names.
    #[default]
    Shared,
    /// That organization's, and nothing of another is to be found there.
    Of(OrgSlug),
    /// Below the base domain, and not what a tenant can be called; or no host.
    Unknown,
}

impl Host {
    /// By the target of a request, or else its `Host`. Where people reach the
    /// program itself is no tenant's.
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap, config: &Config) -> Self {
        let Some(base) = &config.base_domain else {
            return Self::Shared;
        };
        let named = uri
            .host()
            .or_else(|| headers.get(HOST).map(|host| host.to_str().unwrap_or("?")))
            .unwrap_or_default();
        if plain(named) == config.app_url().host() {
            return Self::Shared;
        }
        base.host(named)
    }

    /// Whether that organization may be looked for here.
    #[must_use]
    pub fn admits(&self, slug: &OrgSlug) -> bool {
        match self {
            Self::Shared => true,
            Self::Of(own) => own == slug,
            Self::Unknown => false,
        }
    }

    /// The organization whose host it is.
    #[must_use]
    pub const fn tenant(&self) -> Option<&OrgSlug> {
        match self {
            Self::Of(slug) => Some(slug),
            Self::Shared | Self::Unknown => None,
        }
    }
}

impl BaseDomain {
    fn host(&self, named: &str) -> Host {
        let name = plain(named);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if !name.chars().all(is_name) {
            let is_ours = name.contains(&self.0);
            return if is_ours { Host::Unknown } else { Host::Shared };
        }
        let Some(label) = name
            .strip_suffix(&self.0)
            .and_then(|rest| rest.strip_suffix('.'))
        else {
            return Host::Shared;
        };
        match OrgSlug::parse(label) {
            Ok(slug) => Host::Of(slug),
            Err(_) if OrgSlug::is_reserved(label) => Host::Shared,
            Err(_) => Host::Unknown,
        }
    }

    /// Whether a host is the domain itself, or below it.
    #[must_use]
    pub fn has(&self, host: &str) -> bool {
        let name = plain(host);
        let rest = name.strip_suffix(&self.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// A host in lower case, without its port and the dot of the root.
fn plain(host: &str) -> String {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.trim_end_matches('.').to_ascii_lowercase()
}

impl FromStr for BaseDomain {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let domain = text.to_ascii_lowercase();
        let is_label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        if domain.split('.').all(is_label) {
            Ok(Self(domain))
        } else {
            Err("a domain only, as in example.com: no scheme, port or path".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_below_the_domain_names_a_tenant() {
        let base: BaseDomain = "Atrium.Example".parse().expect("is one");
        let acme = Host::Of(OrgSlug::parse("acme").expect("is one"));
        for (host, whose) in [
            ("acme.atrium.example", acme.clone()),
            ("ACME.atrium.example:3000", acme.clone()),
            ("acme.atrium.example.", acme),
            ("atrium.example", Host::Shared),
            ("www.atrium.example", Host::Shared),
            ("app.atrium.example:443", Host::Shared),
            ("acme.evil.example", Host::Shared),
            ("evilatrium.example", Host::Shared),
            ("127.0.0.1:3000", Host::Shared),
            ("", Host::Shared),
            ("a.b.atrium.example", Host::Unknown),
            ("-x.atrium.example", Host::Unknown),
            (".atrium.example", Host::Unknown),
            ("acme.atrium.example:80:80", Host::Unknown),
            ("acme.atrium.example/..", Host::Unknown),
            ("acmé.atrium.example", Host::Unknown),
            ("atrium_app:3000", Host::Shared),
            ("[::1]:3000", Host::Shared),
        ] {
            assert_eq!(base.host(host), whose, "{host}");
        }
    }

    #[test]
    fn a_host_admits_its_own_tenant() {
        let [acme, other] = ["acme", "other"].map(|slug| OrgSlug::parse(slug).expect("is one"));
        assert!(Host::Of(acme.clone()).admits(&acme) && !Host::Of(acme.clone()).admits(&other));
        assert!(Host::Shared.admits(&other) && !Host::Unknown.admits(&acme));
    }

    #[test]
    fn a_base_domain_is_a_domain() {
        for wrong in [
            "",
            "https://a.example",
            "a.example:80",
            "a..example",
            "a.example/x",
            "-a",
        ] {
            assert!(wrong.parse::<BaseDomain>().is_err(), "{wrong}");
        }
    }
}
