//! The URLs of the configuration, checked when they are read.

use std::{net::IpAddr, path::PathBuf, str::FromStr};

use sea_orm::sqlx::postgres::PgConnectOptions;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// A database that Atrium runs on.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The role on PostgreSQL.
    #[must_use]
    pub fn role(&self) -> Option<String> {
        let options: PgConnectOptions = self.expose().parse().ok()?;
        let is_postgres = self.sqlite_file().is_none();
        is_postgres.then(|| options.get_username().to_owned())
    }

    /// The file of an SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.expose().strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| text.starts_with(scheme)) {
            return Err("a database is sqlite://path or postgres://user:password@host/name".into());
        }
        if text.starts_with("postgres") {
            Url::parse(text)
                .map_err(|_| "not a URL: escape what is special in the password".to_owned())?;
        }
        Ok(Self(SecretString::from(text)))
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.expose().split(':').next().unwrap_or_default())
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

/// The URL of an SMTP server, which may hold a password.
#[derive(Clone, Debug)]
pub struct SmtpUrl(SecretString);

impl SmtpUrl {
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for SmtpUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| "not a URL")?;
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host().is_none() {
            return Err("a mail server is smtp://host:port or smtps://user:password@host".into());
        }
        Ok(Self(SecretString::from(text)))
    }
}

/// Scheme, host and port under which people reach the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUrl {
    origin: String,
    https: bool,
    loopback: bool,
}

impl AppUrl {
    pub(super) fn loopback(port: u16) -> Self {
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            https: false,
            loopback: true,
        }
    }

    /// `https://atrium.example`, with no slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its host, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.origin.split_once("://").map_or("", |(_, host)| host);
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    }

    /// The absolute URL of a path.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl FromStr for AppUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| "not a URL")?;
        let https = url.scheme() == "https";
        let host = url.host_str().ok_or("it has no host")?;
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let loopback = host == "localhost" || address.is_some_and(|ip| ip.is_loopback());
        let is_safe = https || (url.scheme() == "http" && loopback);
        if !is_safe {
            return Err("people must reach the program by https, except on loopback".into());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("scheme and host only, without a path".into());
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            https,
            loopback,
        })
    }
}

/// Where a collector of OpenTelemetry takes traces over HTTP.
#[derive(Clone)]
pub struct CollectorUrl(Url);

impl CollectorUrl {
    /// The address of its traces, as the OTLP specification derives it.
    #[must_use]
    pub fn traces(&self) -> String {
        format!("{}/v1/traces", self.0.as_str().trim_end_matches('/'))
    }
}

impl std::fmt::Debug for CollectorUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.host_str().unwrap_or_default())
    }
}

impl FromStr for CollectorUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| "not a URL")?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() {
            return Err("a collector is http://host:4318 or https://host".into());
        }
        Ok(Self(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_url_is_an_origin() {
        let url: AppUrl = "https://atrium.example/".parse().expect("is one");
        assert_eq!(url.join("/app"), "https://atrium.example/app");
        assert!(url.is_https() && !url.is_loopback());
        for wrong in [
            "atrium.example",
            "http://atrium.example",
            "https://a.b/path",
            "ftp://a.b",
        ] {
            assert!(wrong.parse::<AppUrl>().is_err(), "{wrong}");
        }
        assert!(
            "http://localhost:3000"
                .parse::<AppUrl>()
                .is_ok_and(|url| url.is_loopback())
        );
    }

    #[test]
    fn only_two_databases_are_known() {
        assert!("mysql://root@localhost/x".parse::<DatabaseUrl>().is_err());
        let url: DatabaseUrl = "sqlite://data/atrium.db?mode=rwc".parse().expect("is one");
        assert_eq!(url.sqlite_file(), Some(PathBuf::from("data/atrium.db")));
        let url: DatabaseUrl = "postgres://u:hidden@h/d".parse().expect("is one");
        assert_eq!(url.sqlite_file(), None);
        assert!(!format!("{url:?} {url}").contains("hidden"));
    }

    #[test]
    fn traces_have_an_address_below_the_collectors() {
        for text in ["http://localhost:4318", "http://localhost:4318/"] {
            let url: CollectorUrl = text.parse().expect("is one");
            assert_eq!(url.traces(), "http://localhost:4318/v1/traces");
        }
        assert!("localhost:4318".parse::<CollectorUrl>().is_err());
    }
}
